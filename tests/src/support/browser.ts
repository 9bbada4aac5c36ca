import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findProgram } from './programs.ts';

/** Opens Debian's Chromium, headless and without its calls home. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findProgram('chromium') ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Keeps a picture of the page in the directory that IBEX_SCREENSHOTS names; without it, nowhere. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.IBEX_SCREENSHOTS;
  if (directory === undefined || directory === '') return;
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`) });
}
