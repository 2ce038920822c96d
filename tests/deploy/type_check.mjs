// Kubernetes objects (a JSON array on standard input) against the types of Kubernetes' API: unknown fields and values of a
// wrong type are found, one line each, as "KIND-NAME.ts(line,column): error ..."; exit code 1 when there is any.
// Usage: node type_check.mjs TOOLS_FOLDER      (made by tools/setup/kubernetes.sh)
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const tools = process.argv[2];

// "networking.k8s.io/v1" stands in networking/v1, "v1" in core/v1.
function moduleOf(apiVersion) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `kubernetes-types/${group.split('.')[0]}/${version}.js`;
}

// A literal that the compiler compares with the type, field by field.
function program(object) {
  return `import type {${object.kind}} from '${moduleOf(object.apiVersion)}';\n` +
      `export const object: ${object.kind} = ${JSON.stringify(object, null, 1)};\n`;
}

// Inside the tools' folder, so that the compiler finds the packages.
const folder = mkdtempSync(join(tools, 'check-'));
process.on('exit', () => rmSync(folder, {recursive: true}));
const names = JSON.parse(readFileSync(0, 'utf8')).map(object => {
  const name = `${object.kind}-${object.metadata.name}.ts`;
  writeFileSync(join(folder, name), program(object), {flag: 'wx'});
  return name;
});
const compiler = join(tools, 'node_modules/typescript/bin/tsc');
const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
const done = spawnSync(process.execPath, [compiler, ...options, ...names], {cwd: folder, encoding: 'utf8'});
process.stdout.write(done.stdout);
process.exitCode = done.status === 0 ? 0 : 1;
