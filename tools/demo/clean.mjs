import { rmSync } from 'node:fs';
import { demoFolder, forgetSalts, removeEnvironmentFile, stopServices } from './workspace.mjs';

/** Stops what the demo started and removes what it made. The `pulumi` that it installed stays, for the next time. */
for (const service of stopServices()) console.log(`stopped ${service}`);
rmSync(demoFolder, { recursive: true, force: true });
removeEnvironmentFile();
forgetSalts();
console.log('removed .demo, .env, and the salts in the stack files');
