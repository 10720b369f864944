import { expect, test } from "vitest";
import { LayerStack } from "./layers.ts";

const record = (name: string) => ({ name });

test("what was deleted stays deleted when the layers around it merge above one that still has it", () => {
  const stack = new LayerStack<{ name: string }>();
  stack.set(1, record("old"));
  const first = stack.pin();
  stack.set(2, record("other"));
  const second = stack.pin();
  stack.delete(1);
  stack.unpin(second);
  expect(stack.get(1)).toBe(undefined);
  expect(stack.viewAt(first)(1)).toEqual(record("old"));
  expect([...stack.changedSince(first)]).toEqual([2, 1]);
  stack.unpin(first);
  expect([stack.get(1), stack.get(2), stack.depth]).toEqual([undefined, record("other"), 1]);
});

test("what comes and goes above a remembered state leaves no trace", () => {
  const stack = new LayerStack<{ name: string }>();
  const pinned = stack.pin();
  stack.set(1, record("short-lived"));
  stack.delete(1);
  expect([...stack.changedSince(pinned)]).toEqual([]);
});

test("a rollback goes back to the remembered state, which can be rolled back to again", () => {
  const stack = new LayerStack<{ name: string }>();
  stack.set(1, record("kept"));
  const pinned = stack.pin();
  for (const name of ["first", "second"]) {
    stack.set(1, record(name));
    stack.set(2, record(name));
    stack.pin();
    stack.delete(1);
    stack.rollBack(pinned);
    expect([stack.get(1), stack.get(2), stack.depth]).toEqual([record("kept"), undefined, 2]);
  }
});

test("a record is written in place only while no other state or stack can see it", () => {
  const stack = new LayerStack<{ name: string }>();
  stack.set(1, record("mine"));
  expect(stack.getWritable(1)).toEqual(record("mine"));
  const pinned = stack.pin();
  expect(stack.getWritable(1)).toBe(undefined);
  stack.unpin(pinned);
  expect(stack.getWritable(1)).toEqual(record("mine"));
  const fork = stack.fork();
  stack.unpin(stack.pin());
  expect([stack.getWritable(1), fork.getWritable(1)]).toEqual([undefined, undefined]);
  expect([stack.get(1), fork.get(1)]).toEqual([record("mine"), record("mine")]);
});
