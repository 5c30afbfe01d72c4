import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** An npm registry on this machine that has the packages of some tarballs, and no others. */
export async function startLocalRegistry(tarballs) {
  const server = createServer((request, response) => answer(request.url, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const packages = new Map();
  for (const file of tarballs) {
    const content = readFileSync(file);
    const manifest = JSON.parse(execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' }));
    const { name, version } = manifest;
    const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
    const dist = { tarball: `${url}/-/${name}/${version}.tgz`, integrity };
    packages.set(name, [...(packages.get(name) ?? []), { content, manifest: { ...manifest, dist } }]);
  }

  function answer(path, response) {
    const [, name, version] = /^\/-\/(.+)\/(.+)\.tgz$/.exec(path) ?? [];
    const wanted = packages.get(name)?.find(({ manifest }) => manifest.version === version);
    if (wanted !== undefined) return response.end(wanted.content);
    const known = packages.get(decodeURIComponent(path.slice(1)));
    if (known === undefined) return response.writeHead(404).end('{}');
    const manifests = known.map(({ manifest }) => manifest);
    const versions = Object.fromEntries(manifests.map((manifest) => [manifest.version, manifest]));
    const tags = { latest: manifests.at(-1).version };
    return response.end(JSON.stringify({ name: manifests[0].name, 'dist-tags': tags, versions }));
  }

  return { url, stop: () => (server.close(), server.closeAllConnections()) };
}
