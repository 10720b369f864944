setTimeout(() => {
  throw new Error("late");
}, 1);
console.log("scheduled");
