import { dispatch } from '../commands/dispatch.ts';
import { report } from '../terminal/report.ts';

/** `ibex up` on the workspace named by the first argument. */
const context = { root: process.argv[2] ?? '', directory: process.cwd(), environment: process.env };
process.exit(
  await dispatch(['up'], context).catch((error: unknown) => {
    report(error);
    return 1;
  }),
);
