class AppError extends Error {
  name = "AppError";
}
try {
  try {
    null.x;
  } catch (error) {
    throw new AppError("wrapped", { cause: error });
  }
} catch (error) {
  console.log(error.name, error.message, error.cause instanceof TypeError);
  throw new AggregateError([error, new RangeError("r")], "several");
}
