console.log("before");
Promise.reject(new Error("nobody catches this"));
await new Promise((resolve) => setTimeout(resolve, 5));
