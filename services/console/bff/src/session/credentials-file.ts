import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const credentialsSchema = z.object({ admin_token: z.string().min(1).max(500) });

/**
 * The administrator's token from the credentials file.
 * @throws when the file cannot be read or holds no `admin_token`; the message never shows its contents.
 */
export async function readAdminToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  const parsed = credentialsSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Error(
      `IBEX_CREDENTIALS_FILE ${path} must be JSON with the text admin_token. Remove it to have it made anew.`,
    );
  return parsed.data.admin_token;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
