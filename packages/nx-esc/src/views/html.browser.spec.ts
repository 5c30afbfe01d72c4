import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildEntityGraph } from '../workspace/entity-graph';
import { explainGraph, type ExplainedGraph } from '../workspace/explained-graph';
import { normalizeOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';
import { renderHtml } from './html';

const GOLDEN = join(__dirname, '../../workspaces/every-edge');

let folder: string;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nx-esc-page-'));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? 'chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function show(graph: ExplainedGraph): Promise<void> {
  const file = join(folder, 'graph.html');
  writeFileSync(file, renderHtml(graph));
  page = await browser.newPage();
  errors.length = 0;
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (request) => request.url().startsWith('file:') || errors.push(`loads ${request.url()}`));
  await page.goto(`file://${file}`);
}

afterEach(async () => {
  expect(errors).toEqual([]);
  await page.close();
});

const goldenGraph = () =>
  explainGraph(buildEntityGraph(indexWorkspace(GOLDEN, normalizeOptions({ organization: 'acme' }))), GOLDEN);

describe('the page of a graph', () => {
  test('draws every entity and every edge', async () => {
    const graph = goldenGraph();
    await show(graph);
    expect(await page.locator('.node').count()).toBe(graph.entities.length);
    expect(await page.locator('.edge').count()).toBe(graph.edges.length);
  });

  test('shows where an entity is defined and which lines made its edges, on a click', async () => {
    await show(goldenGraph());
    await page.locator('[data-id="stack:web/staging"]').click();
    const details = await page.locator('#details').innerText();
    expect(details).toContain('apps/web/Pulumi.staging.yaml');
    expect(details).toContain('stack infrastructure/staging');
    expect(details).toContain('apps/web/Pulumi.yaml:7:13');
    expect(details).toContain('Used by');
  });

  test('goes on from there to what it rests on, by keyboard, too', async () => {
    await show(goldenGraph());
    await page.locator('[data-id="stack:web/staging"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('#details').getByRole('button', { name: 'stack infrastructure/staging' }).click();
    expect(await page.locator('#details h2').innerText()).toBe('infrastructure/staging');
  });

  test('finds by name and file, with all that what it finds rests on', async () => {
    await show(goldenGraph());
    await page.locator('#search').fill('Pulumi.yaml');
    expect(await page.locator('.node').count()).toBe(0);
    await page.locator('#search').fill('esc/base.yaml');
    const ids = await page.locator('.node').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-id')));
    expect(ids.sort()).toEqual(['environment:api/base', 'environment:default/defaults', 'environment:shared/tls']);
  });

  test('filters by environment', async () => {
    await show(goldenGraph());
    await page.locator('#environment').selectOption('dev');
    const names = await page.locator('.node').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-id')));
    expect(names).toContain('stack:api/dev');
    expect(names).not.toContain('stack:api/staging');
  });

  test('takes names for text', async () => {
    const name = '</script><script>document.title = "taken"</script>';
    await show({ entities: [{ id: name, kind: 'external', name }], edges: [] });
    expect(await page.title()).toBe('Stacks and environments');
    expect(await page.locator('.node title').textContent()).toBe(`external ${name}`);
  });

  test('draws a thousand entities', async () => {
    const entities = Array.from({ length: 1000 }, (_, index) => ({
      id: `stack:p${index}/dev`,
      kind: 'stack' as const,
      name: `p${index}/dev`,
      environment: 'dev',
    }));
    const edges = entities.slice(1).map(({ id }, index) => ({
      from: id,
      to: `stack:p${Math.floor(index / 2)}/dev`,
      references: [],
    }));
    await show({ entities, edges });
    expect(await page.locator('.node').count()).toBe(1000);
  });
});
