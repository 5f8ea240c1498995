import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** What tests/browser/install-chromium installs, and what may be there instead. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const executable = (process.env.PATH ?? '')
  .split(':')
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** Why no page can be looked at here; false when one can. */
export const skip =
  executable === undefined ? 'no chromium on this machine: run tests/browser/install-chromium' : false;

/** A browser without a window. Its sandbox does not work for root. */
export async function openBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  const options = { chromiumSandbox: !isRoot, args: ['--disable-dev-shm-usage'] };
  return await chromium.launch({ executablePath: executable ?? '', ...options });
}

/** A page, and what it did that no page of ours may do: it complained, or asked for anything but itself. */
export interface OpenPage {
  page: Page;
  faults: string[];
}

/** Opens a file as its reader does. */
export async function openFile(browser: Browser, path: string): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const url = pathToFileURL(path).href;
  const faults: string[] = [];
  page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    // A picture that is saved is drawn from a data: address, which is no request to anybody.
    if (request.url() !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}
