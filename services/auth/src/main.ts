import './small-memory.ts';
import { runService } from '@ibex/service';
import manifest from '../package.json' with { type: 'json' };
import { authSettings } from './config.ts';
import { buildAuth } from './service.ts';

await runService({ service: 'auth', version: manifest.version, settings: authSettings, build: buildAuth });
