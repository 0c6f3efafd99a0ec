// Reads scripts that other pages will need, one after the other and only while the browser rests. Who has left the page
// is not kept from anything: what is not read yet is then read when it is needed, as without this.

const REST_MS = 1500; // after the page was drawn

export default function ({ data: [data], parentElement }) {
  if (window.layerlabAhead || navigator.connection?.saveData) return; // drawn again, or every byte counts
  const app = document.querySelector("script[type=module][src]");
  if (!app) return;
  window.layerlabAhead = true;
  setTimeout(() => read(data.files.map((name) => new URL(name, app.src).href), parentElement), REST_MS);
}

async function read(addresses, parent) {
  for (const address of addresses) {
    await new Promise((go) => (window.requestIdleCallback ?? setTimeout)(go));
    if (!parent.isConnected) {
      window.layerlabAhead = false;
      return;
    }
    // A script that cannot be had now is asked for again by the page that needs it.
    await import(address).catch(() => {});
  }
}
