// Where a person looks inside a component, in the page's address: a cell, a step. The browser writes it by itself, so that
// looking around needs no run of the script; a link, a reload and Back open the same place.

export const ADDRESS_PUT = "layerlab-address-put";
const REST_MS = 400; // only a place where somebody stays is written

export class Place {
  // `names`: the parameters. `returned` is called when Back or Forward has led to another place, or the app has put
  // another address. `told` gets each place where somebody stays, once until they go on or back.
  constructor(root, names, returned, told = () => {}) {
    Object.assign(this, { root, names, told, page: location.pathname, wanted: null, news: null });
    const heard = {
      popstate: () => this.goBack(returned), [ADDRESS_PUT]: () => this.goBack(returned), pagehide: () => this.put(),
    };
    // The app writes the address, too, and does not know yet what the browser alone has put there.
    const again = (event) => event.navigationType !== "traverse" && this.later();
    for (const [name, call] of Object.entries(heard)) window.addEventListener(name, call);
    window.navigation?.addEventListener("currententrychange", again);
    this.leave = () => {
      for (const [name, call] of Object.entries(heard)) window.removeEventListener(name, call);
      window.navigation?.removeEventListener("currententrychange", again);
    };
  }

  // What the address says, by name: a whole number, a text that is none, or null.
  read() {
    const asked = new URLSearchParams(location.search);
    return Object.fromEntries(this.names.map((name) => {
      const text = asked.get(name);
      return [name, /^\d{1,6}$/.test(text ?? "") ? Number(text) : text];
    }));
  }

  // Write a place as soon as somebody stays there; null takes a parameter away.
  write(values) {
    this.wanted = values;
    this.later();
  }

  // --- within ---

  later() {
    clearTimeout(this.timer);
    if (this.wanted) this.timer = setTimeout(() => this.put(), REST_MS);
  }

  put() {
    if (!this.wanted) return;
    if (!this.root.isConnected || location.pathname !== this.page) return this.leave();
    const address = new URL(location.href);
    for (const name of this.names) {
      const value = this.wanted[name] ?? null;
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    const news = JSON.stringify(this.wanted);
    if (news !== this.news) this.told(this.wanted);
    this.news = news;
  }

  goBack(returned) {
    this.wanted = this.news = null;
    if (!this.root.isConnected || location.pathname !== this.page) return this.leave();
    returned();
  }
}
