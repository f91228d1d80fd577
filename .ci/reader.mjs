// Opens an EPUB in a reader (foliate-js in Chromium) and uses it as someone at a meeting would: "page 37, please",
// "what does that word mean?", "where else does it say so?", and back. Pictures of what it shows are left to be looked at.
//
// usage: node reader.mjs MODULES CHROMIUM FILE.epub PICTURES
//   MODULES   the node_modules folder with foliate-js and puppeteer-core
//   PICTURES  a folder for the pictures

import { createServer } from "node:http";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, extname, join, resolve, sep } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, chromium, epub, pictures] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(modules, "here.js"));
const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")));
mkdirSync(pictures, { recursive: true });

const PAGE = `<!DOCTYPE html><meta charset="utf-8"><title>reader</title>
<style>html, body { height: 100%; margin: 0 } foliate-view { display: block; height: 100% }
#note { position: fixed; inset: auto 10% 8% 10%; height: 38%; border: 2px solid; background: white; z-index: 9; display: none }</style>
<div id="note"></div><script type="module">
import "/foliate-js/view.js";
import { FootnoteHandler } from "/foliate-js/footnotes.js";
const waiting = [];
const view = document.createElement("foliate-view");
document.body.append(view);
view.addEventListener("relocate", (e) => { window.place = e.detail; waiting.splice(0).forEach((go) => go()); });
const notes = new FootnoteHandler();
notes.addEventListener("before-render", (e) => {
  document.getElementById("note").replaceChildren(e.detail.view);
  document.getElementById("note").style.display = "block";
});
notes.addEventListener("render", (e) => { window.note = e.detail; });
view.addEventListener("link", (e) => { window.note = null; notes.handle(view.book, e)?.catch((error) => { window.failed = String(error); }); });
window.moved = (act) => new Promise((done) => { waiting.push(done); setTimeout(done, 4000); act(); });
window.view = view;
window.open_book = async () => {
  const bytes = await (await fetch("/book.epub")).blob();
  await view.open(new File([bytes], "book.epub", { type: "application/epub+zip" }));
  await view.goTo(0);
};
window.doc = () => view.renderer.getContents()[0].doc;
window.ready = true;
</script>`;

const TYPES = { ".js": "text/javascript", ".epub": "application/epub+zip" };
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  try {
    const file = path === "/book.epub" ? epub : join(modules, path);
    if (path !== "/" && path !== "/book.epub" && !file.startsWith(join(modules, "foliate-js") + sep)) throw new Error(path);
    const body = path === "/" ? PAGE : readFileSync(file);
    response.writeHead(200, { "content-type": path === "/" ? "text/html" : (TYPES[extname(file)] ?? "text/plain") });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"],
});
const page = await browser.newPage();
await page.setViewport({ width: 700, height: 940 });
const faults = [];
let step = "opening the book";
page.on("pageerror", (error) => faults.push(String(error)));
const stop = setTimeout(async () => {
  console.error(`${epub}: ${step}: no end within a minute and a half`);
  await browser.close();
  process.exit(1);
}, 90_000);

const holds = (truth, what) => {
  if (!truth) throw new Error(what);
};
const picture = async (name) => {
  await new Promise((done) => setTimeout(done, 300));
  await page.screenshot({ path: join(pictures, `${basename(epub, ".epub")}-${name}.png`) });
};
const on_screen = (id) =>
  page.evaluate((id) => {
    const element = window.doc().getElementById(id);
    const { range } = window.place;
    return element !== null && range.intersectsNode(element);
  }, id);

try {
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction("window.ready");
  await page.evaluate(() => window.open_book());
  await page.waitForFunction("window.place");

  step = "page 37";
  const list = await page.evaluate(() => window.view.book.pageList.map(({ label, href }) => ({ label, href })));
  const wanted = list.find(({ label }) => label === "37");
  holds(wanted, `the page list has no page 37, only ${list.length} pages`);
  holds(list[0].label === "i", "the page list does not begin with page i");
  await page.evaluate((href) => window.moved(() => window.view.goTo(href)), wanted.href);
  holds(await on_screen(wanted.href.split("#")[1]), "its beginning is not on the screen");
  // The reader names the last page that begins on the screen.
  const told = await page.evaluate(() => window.place.pageItem);
  const order = (label) => list.findIndex((page) => page.label === label);
  holds(told && order(told.label) >= order("37") && (await on_screen(told.href.split("#")[1])), `the reader calls it ${told?.label}`);
  await picture("page-37");

  step = "a glossary note";
  const call = await page.evaluate(async () => {
    // The first call of a glossary note from here on, in this file or one after it.
    const { book } = window.view;
    for (let index = window.view.renderer.getContents()[0].index; index < book.sections.length; index += 1) {
      const found = (await book.sections[index].createDocument()).querySelector("a.noteref.glossary");
      if (found) return { index, id: found.id, note: found.getAttribute("href").slice(1) };
    }
    return null;
  });
  holds(call, "no glossary note is called after page 37");
  await page.evaluate(({ index, id }) => window.moved(() => window.view.goTo(`${window.view.book.sections[index].id}#${id}`)), call);
  const text = await page.evaluate((id) => window.doc().getElementById(id).textContent.replace(/\s+/g, " ").trim(), call.note);
  await page.evaluate((id) => window.doc().getElementById(id).click(), call.id);
  await page.waitForFunction("window.note || window.failed", { timeout: 5000 });
  const shown = await page.evaluate(() => {
    const [{ doc }] = window.note.view.renderer.getContents();
    return { text: doc.body.textContent.replace(/\s+/g, " ").trim(), type: window.note.type, hidden: window.note.hidden };
  });
  holds(shown.text === text && text.length > 20, `the window shows “${shown.text}”, the note is “${text}”`);
  holds(shown.type === "footnote" && shown.hidden, "the reader does not take it for a footnote");
  holds(await on_screen(call.id), "the text moved from the note's call");
  await picture("note");
  await page.evaluate(() => { document.getElementById("note").style.display = "none"; });

  step = "a locator of the index";
  const index = await page.evaluate(() => window.view.book.landmarks.find(({ type }) => type.includes("index"))?.href);
  holds(index, "the landmarks have no index");
  await page.evaluate((href) => window.moved(() => window.view.goTo(href)), index);
  await picture("index");
  const at = await page.evaluate(() => window.view.renderer.getContents()[0].index);
  const locator = await page.evaluate(() => {
    const links = [...window.doc().querySelectorAll("a")].filter((a) => a.getAttributeNS("http://www.idpf.org/2007/ops", "type") === "index-locator");
    const link = links[Math.floor(links.length / 2)];
    return link && { number: links.indexOf(link), text: link.textContent, href: link.getAttribute("href") };
  });
  holds(locator, "the index has no locators");
  await page.evaluate((number) => window.moved(() => {
    const links = [...window.doc().querySelectorAll("a")].filter((a) => a.getAttributeNS("http://www.idpf.org/2007/ops", "type") === "index-locator");
    links[number].click();
  }), locator.number);
  holds(await on_screen(locator.href.split("#")[1]), `“${locator.text}” leads to ${locator.href}, which is not on the screen`);
  await picture("passage");
  await page.evaluate(() => window.moved(() => window.view.history.back()));
  holds((await page.evaluate(() => window.view.renderer.getContents()[0].index)) === at, "the way back does not lead to the index");

  step = "how it looks";
  await page.evaluate((href) => window.moved(() => window.view.goTo(href)), wanted.href);
  const styles = {
    dark: "html { color-scheme: dark; background: #111 !important; color: #ddd !important } a:link { color: #9bf }",
    large: "html { font-size: 200% !important }",
    plain: "",
  };
  for (const [name, css] of Object.entries(styles)) {
    await page.evaluate((css, dark) => {
      document.documentElement.style.background = dark ? "#111" : "";
      window.view.renderer.setStyles?.(css);
    }, css, name === "dark");
    const wide = await page.evaluate(() => {
      const { doc } = window.view.renderer.getContents()[0];
      return [...doc.querySelectorAll("p, h1, h2, li")].filter((e) => e.scrollWidth > e.clientWidth + 2).map((e) => e.id);
    });
    holds(wide.length === 0, `${name}: what is wider than its column: ${wide}`);
    await picture(name);
  }
  holds(faults.length === 0, `the reader fails: ${faults}`);
  console.log(`${epub}: page 37 of ${list.length}, a note in a window, index locator ${locator.text} and back`);
} catch (error) {
  console.error(`${epub}: ${step}: ${error.message}`);
  process.exitCode = 1;
} finally {
  clearTimeout(stop);
  await browser.close();
  server.close();
}
