// Builds static/build/: the style sheet, NHS.UK frontend's script and icons, and manifest.json,
// which gives each served file (path below static/) the fingerprint to put into its address.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as sass from "sass";

const STATIC = import.meta.dirname;
const BUILD = join(STATIC, "build");
const NHSUK = join(STATIC, "..", "node_modules", "nhsuk-frontend", "dist", "nhsuk");

const fingerprint = (file) =>
  createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);

function buildStyleSheet() {
  const { css } = sass.compile(join(STATIC, "scss", "medicare-hub.scss"), {
    style: "compressed",
    importers: [new sass.NodePackageImporter(STATIC)],
    quietDeps: true,
  });
  const withIcons = css.replace(/url\("?images\/([\w-]+\.svg)"?\)/g, (_, icon) => {
    const copy = join(BUILD, "images", icon);
    cpSync(join(NHSUK, "assets", "images", icon), copy);
    return `url("images/${icon}?v=${fingerprint(copy)}")`;
  });
  writeFileSync(join(BUILD, "medicare-hub.css"), withIcons);
}

function copyScript() {
  const script = readFileSync(join(NHSUK, "nhsuk-frontend.min.js"), "utf8");
  writeFileSync(
    join(BUILD, "nhsuk-frontend.min.js"),
    script.replace(/\/\/# sourceMappingURL=.*\s*$/, "\n"),
  );
}

function* servedFiles() {
  const folders = ["build", "img", "js"].filter((folder) => existsSync(join(STATIC, folder)));
  for (const folder of folders) {
    for (const entry of readdirSync(join(STATIC, folder), { withFileTypes: true, recursive: true })) {
      if (entry.isFile() && !entry.name.startsWith(".")) yield join(entry.parentPath, entry.name);
    }
  }
}

function writeManifest() {
  const manifest = Object.fromEntries(
    [...servedFiles()].sort().map((file) => [relative(STATIC, file), fingerprint(file)]),
  );
  // Last: its date is what tells make that everything before it was built.
  writeFileSync(join(BUILD, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

rmSync(BUILD, { recursive: true, force: true });
mkdirSync(BUILD, { recursive: true });
buildStyleSheet();
copyScript();
writeManifest();
