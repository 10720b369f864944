/**
 * Ways by which code in a worker could reach an address. Each asks for a path of its own, so that the server at the other
 * end says which of them worked. Sent as source text into cages, and called as it is where nothing stands in its way.
 */
export async function tryWaysOut(base) {
  const at = (name) => `${base}-${name}`;
  const nested = (type, body) =>
    new Promise((resolve, reject) => {
      const source = `(async () => { ${body} })().then(() => postMessage(0), () => postMessage(0))`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), {
        type,
      });
      worker.onmessage = resolve;
      worker.onerror = (event) => {
        event.preventDefault();
        reject(event);
      };
    });
  const listen = (worker, resolve) => {
    worker.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
  };
  const once = (target) =>
    new Promise((resolve) => {
      target.onopen = resolve;
      target.onerror = resolve;
    });
  const ways = {
    fetch: () => fetch(at("fetch")),
    "fetch-no-cors": () => fetch(at("fetch-no-cors"), { mode: "no-cors" }),
    "fetch-keepalive": () => fetch(at("fetch-keepalive"), { method: "POST", body: "x", keepalive: true }),
    xhr: () =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.onloadend = resolve;
        request.open("GET", at("xhr"));
        request.send();
      }),
    import: () => import(at("import")),
    "event-source": () => once(new EventSource(at("event-source"))),
    "web-socket": () => once(new WebSocket(at("web-socket").replace(/^http/, "ws"))),
    "web-socket-stream": () => new WebSocketStream(at("web-socket-stream").replace(/^http/, "ws")).opened,
    "web-transport": () => new WebTransport(at("web-transport").replace(/^http:/, "https:")).ready,
    worker: () =>
      new Promise((resolve) => {
        listen(new Worker(at("worker")), resolve);
      }),
    "module-worker": () =>
      new Promise((resolve) => {
        listen(new Worker(at("module-worker"), { type: "module" }), resolve);
      }),
    "shared-worker": async () => new SharedWorker(at("shared-worker")),
    "service-worker": () => navigator.serviceWorker.register(at("service-worker")),
    beacon: async () => navigator.sendBeacon(at("beacon")),
    font: () => new FontFace("x", `url(${at("font")})`).load(),
    image: () =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = resolve;
        image.onerror = resolve;
        image.src = at("image");
      }),
    wasm: () => WebAssembly.compileStreaming(fetch(at("wasm"))),
    cache: async () => (await caches.open("escape")).add(at("cache")),
    peer: async () => {
      const connection = new RTCPeerConnection({
        iceServers: [{ urls: at("peer").replace(/^http:\/\//, "stun:") }],
      });
      connection.createDataChannel("x");
      await connection.setLocalDescription();
    },
    navigation: async () => {
      location.href = at("navigation");
    },
    "nested-fetch": () => nested("classic", `await fetch(${JSON.stringify(at("nested-fetch"))})`),
    "nested-module-fetch": () =>
      nested("module", `await fetch(${JSON.stringify(at("nested-module-fetch"))})`),
    "nested-import-scripts": () =>
      nested("classic", `importScripts(${JSON.stringify(at("nested-import-scripts"))})`),
    "nested-import": () => nested("module", `await import(${JSON.stringify(at("nested-import"))})`),
  };
  // The mirror of a page would be gone after this one.
  if (typeof document === "object") delete ways.navigation;
  const tried = Object.entries(ways).map(async ([, way]) => {
    try {
      await Promise.race([way(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    } catch {}
  });
  await Promise.all(tried);
  return Object.keys(ways);
}
