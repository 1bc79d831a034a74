// Builds the page: what wasm-bindgen wrote, the styles and the templates become target/site.
//   node .make/page.mjs --profile release|dev --bindgen DIR_KIOSK DIR_STAFF --wasm-opt PATH|none [--out target/site] [--check-size] [--lean]
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PUBLIC = join(ROOT, 'frontend/public');
const STYLE = join(ROOT, 'style');
const KEPT_GENERATIONS = 2; // older builds whose /pkg files stay, so that a page opened before a deploy still loads
const LIMITS_KB = { kiosk: 300, staff: 600, kioskCss: 8, part: 150 }; // on first load; a part is downloaded after it
const SLACK = 1.05; // over a limit it is said, and over this much the build fails
const NOT_LEAN = 1.15; // what the ready-made standard library adds where it must do; see lean.sh
const LOADER = '__wasm_split.js'; // as wasm-split-cli calls it
const STAFF_ONLY = '/* staff only */';
// What rustc's wasm32 target turns on by default. Never --all-features: it emits imports that Chromium refuses.
const WASM_FEATURES = ['bulk-memory', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals', 'reference-types', 'multivalue'];
const APPS = {
  kiosk: { worker: '/kiosk/sw.js', scope: '/kiosk', shell: '/kiosk.html', manifest: '/kiosk.webmanifest', css: ['tokens', 'base', 'components', 'kiosk'] },
  staff: { worker: '/sw.js', scope: '/', shell: '/staff.html', manifest: '/staff.webmanifest', css: ['tokens', 'base', 'components', 'desk', 'notices', 'forms', 'phone', 'print'] },
};
const STATIC = ['icons.svg', 'icon.svg', 'icon-180.png', 'icon-192.png', 'icon-512.png', 'kiosk.webmanifest', 'staff.webmanifest'];

const options = parse(process.argv.slice(2));
const OUT = resolve(ROOT, options.out);
const files = new Map(); // path in the site -> Buffer

main();

function main() {
  for (const name of STATIC) put('/' + name, readFileSync(join(PUBLIC, name)));
  const parts = Object.fromEntries(Object.keys(APPS).map((app) => [app, assets(app)]));
  const build = digest(Buffer.concat([...files.values(), ...['kiosk.html', 'staff.html', 'sw.js'].map((name) => readFileSync(join(PUBLIC, name)))])).slice(0, 12);
  const hashes = new Set();
  for (const [app, { worker, shell, manifest }] of Object.entries(APPS)) {
    const html = fill(text(PUBLIC, `${app}.html`), { build, ...parts[app] });
    for (const hash of inlineHashes(html, app)) hashes.add(hash);
    put(shell, Buffer.from(html));
    const kept = [shell, manifest, '/icons.svg', '/icon.svg', '/icon-180.png', '/icon-192.png', ...parts[app].all, ...parts[app].apart];
    const list = Object.fromEntries(kept.map((path) => [path, integrity(files.get(path))]));
    put(worker, Buffer.from(fill(text(PUBLIC, 'sw.js'), { app, build, shell, files: JSON.stringify(list) })));
  }
  report(build, parts, [...hashes]);
}

/** The hashed files of one app: styles, wasm, glue with its snippets, boot script and, for staff, the key worker. */
function assets(app) {
  const dir = options.bindgen[app];
  const css = hashed(app, 'css', Buffer.from(bundle(APPS[app].css, app === 'kiosk')));
  const wasm = hashed(app, 'wasm', optimise(join(dir, `${app}_bg.wasm`)));
  let glue = lighten(text(dir, `${app}.js`));
  const all = [css, wasm];
  if (existsSync(join(dir, 'snippets'))) {
    const found = walk(join(dir, 'snippets')).map((path) => [relative(join(dir, 'snippets'), path), readFileSync(path)]);
    const folder = `/pkg/${app}-snippets-${digest(Buffer.concat(found.map(([, bytes]) => bytes))).slice(0, 10)}`;
    for (const [name, bytes] of found) all.push(put(`${folder}/${name}`, bytes));
    glue = glue.replaceAll('./snippets/', folder + '/');
  }
  if (!glue.includes(`${app}_bg.wasm`)) fail(`${app}.js does not name ${app}_bg.wasm: was it made with wasm-bindgen --target web --out-name ${app}?`);
  glue = glue.replaceAll(`${app}_bg.wasm`, wasm);
  const { gluePath, loaderPath, apart } = parts(app, glue);
  const { worker, scope } = APPS[app];
  const boot = hashed(`boot-${app}`, 'js', Buffer.from(fill(text(PUBLIC, 'boot.js'), { glue: gluePath, worker, scope })));
  all.push(gluePath, loaderPath, boot);
  const part = { css, wasm, glue: gluePath, boot, all, apart };
  if (app === 'staff') all.push((part.kdf = hashed('kdf-worker', 'js', Buffer.from(fill(text(PUBLIC, 'kdf-worker.js'), { glue: gluePath })))));
  return part;
}

/** The files of the parts, and the glue with the loader of the parts: these two name one another, so they share one hash. */
function parts(app, glue) {
  const dir = join(options.bindgen[app], 'parts');
  let loader = lighten(text(dir, LOADER));
  const apart = readdirSync(dir).filter((name) => name.endsWith('.wasm')).map((name) => {
    const path = hashed(`${app}-${basename(name, '.wasm')}`, 'wasm', optimise(join(dir, name)));
    loader = loader.replaceAll(`./${name}`, path);
    return path;
  });
  const stem = digest(Buffer.from(glue + loader)).slice(0, 10);
  const gluePath = `/pkg/${app}-${stem}.js`;
  const loaderPath = `/pkg/${app}-parts-${stem}.js`;
  for (const [what, name] of [[glue, `from "./${LOADER}"`], [loader, `./${app}.js`]]) {
    if (!what.includes(name)) fail(`Something of ${app} should name ${name} and does not: was it cut by wasm-split-cli --out-name ${app}?`);
  }
  put(gluePath, Buffer.from(glue.replaceAll(`from "./${LOADER}"`, `from "${loaderPath}"`))); // the module keeps its name for it
  put(loaderPath, Buffer.from(loader.replaceAll(`./${app}.js`, gluePath)));
  return { gluePath, loaderPath, apart };
}

function bundle(names, kiosk) {
  let css = names.map((name) => {
    const source = text(STYLE, `${name}.css`);
    return kiosk ? source.split(STAFF_ONLY)[0] : source;
  }).join('\n');
  css = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ').replace(/\s*([{};,])\s*/g, '$1').replace(/;}/g, '}');
  return css.trim() + '\n';
}

/** Comments and indentation go; nothing else, so that the code stays what wasm-bindgen wrote. */
function lighten(js) {
  if (options.profile === 'dev') return js;
  const lines = js.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n/gm, '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line && !line.startsWith('//')).join('\n') + '\n';
}

function optimise(path) {
  if (!existsSync(path)) fail(`${path} is missing: run wasm-bindgen first.`);
  if (options.wasmOpt === 'none' || options.profile === 'dev') return readFileSync(path);
  const temp = mkdtempSync(join(tmpdir(), 'anteroom-page-'));
  const out = join(temp, basename(path));
  const run = spawnSync(options.wasmOpt, ['--quiet', '-Oz', '--merge-similar-functions', '-Oz', '--strip-debug', '--strip-producers', ...WASM_FEATURES.map((name) => `--enable-${name}`), path, '-o', out], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.error || run.status !== 0) fail(`wasm-opt failed on ${basename(path)} (${run.error?.message ?? 'exit ' + run.status}).`);
  const bytes = readFileSync(out);
  rmSync(temp, { recursive: true });
  return bytes;
}

/** Hashes for the content policy; also the place where an inline handler or style attribute is refused. */
function inlineHashes(html, app) {
  if (/<[^>]+\s(?:style|on[a-z]+)=/i.test(html)) fail(`${app}.html has a style attribute or an inline handler, which the content policy forbids.`);
  const found = [...html.matchAll(/<(?:style|script)>([\s\S]*?)<\/(?:style|script)>/g)];
  return found.map(([, content]) => integrity(Buffer.from(content)));
}

function report(build, parts, csp_hashes) {
  const generations = pastGenerations(build);
  const kept = new Set(generations.flat());
  for (const path of existsSync(join(OUT, 'pkg')) ? walk(join(OUT, 'pkg')) : []) {
    const name = '/' + relative(OUT, path).replace(/\.br$/, '');
    if (!files.has(name) && !kept.has(name)) rmSync(path);
  }
  const quality = options.profile === 'release' ? 11 : 5;
  const rows = [...files].map(([path, bytes]) => {
    const target = join(OUT, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    let br = bytes.length;
    rmSync(target + '.br', { force: true });
    if (!path.endsWith('.png')) {
      const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
      if (packed.length < bytes.length) writeFileSync(target + '.br', packed);
      br = Math.min(br, packed.length);
    }
    return { path, bytes: bytes.length, br };
  });
  const size = new Map(rows.map((row) => [row.path, row.br]));
  const first = (app) => [APPS[app].shell, APPS[app].manifest, '/icons.svg', '/icon.svg', ...parts[app].all].reduce((sum, path) => sum + size.get(path), 0);
  const summary = { build, profile: options.profile, files: rows, kiosk_first_load_br: first('kiosk'), staff_first_load_br: first('staff'), kiosk_css_br: size.get(parts.kiosk.css), csp_hashes, generations };
  writeFileSync(join(OUT, 'build.json'), JSON.stringify(summary, null, 1) + '\n');
  const kb = (bytes) => (bytes / 1024).toFixed(1) + ' KB';
  console.log(`page ${build}: kiosk ${kb(summary.kiosk_first_load_br)}, staff ${kb(summary.staff_first_load_br)} on first load (brotli ${quality})`);
  for (const [app, { apart }] of Object.entries(parts)) console.log(`  ${app} later: ${apart.map((path) => `${basename(path, '.wasm').split('-').slice(1, -1)} ${kb(size.get(path))}`).join(', ')}`);
  if (!options.checkSize) return;
  const allowed = (limit) => limit * (options.lean ? 1 : NOT_LEAN);
  const sizes = [
    ['The kiosk’s first load', summary.kiosk_first_load_br, LIMITS_KB.kiosk],
    ['The staff app’s first load', summary.staff_first_load_br, LIMITS_KB.staff],
    ...Object.values(parts).flatMap(({ apart }) => apart.map((path) => [basename(path), size.get(path), LIMITS_KB.part])),
    ['The kiosk’s style sheet', summary.kiosk_css_br, LIMITS_KB.kioskCss],
  ];
  const over = (slack) => sizes.filter(([, bytes, limit]) => bytes > allowed(limit) * slack * 1024).map(([what, bytes, limit]) => `${what} is ${kb(bytes)}, over its limit of ${limit} KB.`);
  if (over(SLACK).length) fail(over(SLACK).join(' '));
  for (const line of over(1)) console.log(`  note: ${line}`);
}

/** The /pkg files of the builds before this one, newest first. */
function pastGenerations(build) {
  try {
    const last = JSON.parse(readFileSync(join(OUT, 'build.json'), 'utf8'));
    if (last.build === build) return last.generations;
    const pkg = last.files.map((file) => file.path).filter((path) => path.startsWith('/pkg/'));
    return [pkg, ...last.generations].slice(0, KEPT_GENERATIONS);
  } catch {
    return [];
  }
}

function hashed(name, ending, bytes) {
  return put(`/pkg/${name}-${digest(bytes).slice(0, 10)}.${ending}`, bytes);
}
function put(path, bytes) {
  files.set(path, bytes);
  return path;
}
function fill(template, values) {
  const done = template.replace(/\{\{(\w+)\}\}/g, (whole, key) => values[key] ?? whole);
  const left = done.match(/\{\{\w+\}\}/);
  if (left) fail(`A template asks for ${left[0]}, which this build does not know.`);
  return done;
}
function digest(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
function integrity(bytes) {
  return 'sha256-' + createHash('sha256').update(bytes).digest('base64');
}
function text(dir, name) {
  const path = join(dir, name);
  if (!existsSync(path)) fail(`${path} is missing.`);
  return readFileSync(path, 'utf8');
}
function walk(dir) {
  return readdirSync(dir).sort().flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}
function fail(sentence) {
  console.error('page: ' + sentence);
  process.exit(1);
}
function parse(args) {
  const given = { profile: 'release', wasmOpt: 'none', out: 'target/site', checkSize: false, lean: false, bindgen: null };
  while (args.length) {
    const flag = args.shift();
    if (flag === '--profile') given.profile = args.shift();
    else if (flag === '--bindgen') given.bindgen = { kiosk: resolve(args.shift() ?? ''), staff: resolve(args.shift() ?? '') };
    else if (flag === '--wasm-opt') given.wasmOpt = args.shift();
    else if (flag === '--out') given.out = args.shift();
    else if (flag === '--lean') given.lean = true;
    else if (flag === '--check-size') given.checkSize = true;
    else fail(`${flag} is not an option.`);
  }
  if (!given.bindgen) fail('--bindgen needs the two folders that wasm-bindgen wrote: kiosk first, then staff.');
  if (!['release', 'dev'].includes(given.profile)) fail('--profile is release or dev.');
  return given;
}
