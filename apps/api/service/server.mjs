import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** Serves `/healthz`, `/` with what may be shown of its configuration, and `/token` with a signed token. */
const { DATABASE_URL, JWT_SECRET, API_URL, ECS_SERVICE, SERVICE_CONFIG, RELEASE } = process.env;
const { port } = JSON.parse(readFileSync(SERVICE_CONFIG, 'utf8'));

const routes = {
  '/healthz': () => ({ status: 'ok', release: RELEASE }),
  '/': () => ({ service: ECS_SERVICE, url: API_URL, database: new URL(DATABASE_URL).pathname.slice(1) }),
  '/token': () => {
    const payload = Buffer.from(JSON.stringify({ iss: ECS_SERVICE })).toString('base64url');
    return { token: `${payload}.${createHmac('sha256', JWT_SECRET).update(payload).digest('base64url')}` };
  },
};

createServer((request, response) => {
  const route = routes[request.url];
  response.writeHead(route === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(route?.() ?? { error: 'not found' })}\n`);
}).listen(port, '127.0.0.1');
