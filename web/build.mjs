// Makes data/web/view.js and view.css. With --check nothing is written, and other bytes than those there are an error.

import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The licences of what is in the script, which ask to be told in each copy. All of them are MIT. */
async function notice() {
  const lines = [];
  for (const name of ["sigma", "graphology", "graphology-utils", "events"]) {
    const file = name === "events" ? "LICENSE" : "LICENSE.txt";
    const licence = await readFile(here(`node_modules/${name}/${file}`), "utf8");
    const { version } = JSON.parse(await readFile(here(`node_modules/${name}/package.json`), "utf8"));
    const holder = licence.match(/^Copyright.*$/m)?.[0];
    if (!holder || !licence.includes("Permission is hereby granted, free of charge")) throw new Error(`${name} is not under the MIT licence`);
    lines.push(`${name} ${version}: ${holder}`);
  }
  const text = (await readFile(here("node_modules/graphology/LICENSE.txt"), "utf8")).replace(/^[\s\S]*?(?=Permission is hereby)/, "");
  return `/*!\nThis script holds, under the MIT License:\n${lines.join("\n")}\n\n${text.trim()}\n*/`;
}

const options = { bundle: true, minify: true, write: false, target: "es2022", legalComments: "none", logLevel: "warning" };
const script = await build({ ...options, entryPoints: [here("src/main.ts")], format: "iife", banner: { js: await notice() } });
const style = await build({ ...options, entryPoints: [here("src/style.css")] });

let failed = false;
for (const [path, result] of [["../data/web/view.js", script], ["../data/web/view.css", style]]) {
  const text = result.outputFiles[0].text;
  if (process.argv.includes("--check")) {
    const known = await readFile(here(path), "utf8").catch(() => "");
    if (known !== text) {
      console.error(`error: ${path.replace("../", "")} is not what its sources in web/ make; run \`npm run build\` in web/ and commit it`);
      failed = true;
    }
  } else await writeFile(here(path), text);
}
process.exitCode = failed ? 1 : 0;
