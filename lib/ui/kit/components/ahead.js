// Reads scripts that other pages will need, one after the other and only while the browser rests, and then asks for the
// rehearsal. Who has left the page is not kept from anything: what is not read yet is then read when it is needed, as
// without this.

const REST_MS = 1500; // after the page was drawn

export default function ({ data: [data], parentElement, setTriggerValue }) {
  if (window.layerlabAhead || navigator.connection?.saveData) return; // drawn again, or every byte counts
  const app = document.querySelector("script[type=module][src]");
  if (!app) return;
  window.layerlabAhead = true;
  const addresses = data.files.map((name) => new URL(name, app.src).href);
  setTimeout(async () => {
    window.layerlabAhead = await read(addresses, parentElement);
    if (window.layerlabAhead) setTriggerValue("read", true);
  }, REST_MS);
}

// Whether all could be read before somebody left the page.
async function read(addresses, parent) {
  for (const address of addresses) {
    // A script that cannot be had now is asked for again by the page that needs it.
    if (await rests(parent)) await import(address).catch(() => {});
  }
  return addresses.length > 0 && rests(parent);
}

// Waits until the browser rests. Whether the page is still there then.
async function rests(parent) {
  await new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));
  return parent.isConnected;
}
