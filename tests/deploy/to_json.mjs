// YAML documents on standard input -> one JSON array of them. Runs with the packages of tools/setup/kubernetes.sh.
// Usage: node to_json.mjs TOOLS_FOLDER
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const {parseAllDocuments} = createRequire(process.argv[2] + '/')('yaml');
const documents = parseAllDocuments(readFileSync(0, 'utf8'));
for (const document of documents) {
  if (document.errors.length > 0) throw document.errors[0];
}
process.stdout.write(JSON.stringify(documents.map(document => document.toJS())));
