// Encodes JSON strings, one a line of FILE, with an implementation that shares nothing with ours.
// Usage: node oracle.cjs ORACLE_FOLDER o200k_base|cl100k_base|PACKAGE|/path/tokenizer.json FILE
// prints one line of ids a string.
const fs = require('fs');
const {createRequire} = require('module');

const [folder, vocabulary, file] = process.argv.slice(2);
const load = createRequire(folder + '/package.json');

async function makeEncoder() {
  if (/^[a-z0-9]+_base$/.test(vocabulary)) {
    const {Tiktoken} = load('js-tiktoken/lite');
    const ranks = load('js-tiktoken/ranks/' + vocabulary);
    const tiktoken = new Tiktoken(ranks.default ?? ranks);
    return async (text) => tiktoken.encode(text, [], []);  // special tokens as ordinary text
  }
  const {Tokenizer} = load('tokenizers');
  const path = vocabulary.startsWith('/')
      ? vocabulary : `${folder}/node_modules/${vocabulary}/models/tokenizer.json`;
  const tokenizer = Tokenizer.fromFile(path);
  return async (text) =>
      (await tokenizer.encode(text, null, {addSpecialTokens: false})).getIds();
}

(async () => {
  const encode = await makeEncoder();
  const lines = fs.readFileSync(file, 'utf8').split('\n').filter((line) => line);
  const out = [];
  for (const line of lines) out.push((await encode(JSON.parse(line))).join(' '));
  process.stdout.write(out.join('\n') + '\n');
})();
