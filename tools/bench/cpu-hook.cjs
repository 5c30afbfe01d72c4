const { appendFileSync } = require('node:fs');

/** Loaded into every process of Nx: writes down the CPU time of each, since plugins run in processes of their own. */
const file = process.env.NX_ESC_BENCH_CPU;
if (file !== undefined) {
  appendFileSync(file, `start ${process.pid}\n`);
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    appendFileSync(file, `end ${process.pid} ${(user + system) / 1000}\n`);
  });
}
