import { useEffect, useRef, useState } from "react";
import { createStore, useStore } from "zustand";
import { Dialog } from "./dialog.tsx";

interface Question {
  title: string;
  text?: string;
  /** Present when a text is wanted; its value is the starting text. */
  field?: { label: string; value: string; check: (value: string) => string | null };
  confirmLabel: string;
  isDangerous?: boolean;
  answer: (value: string | null) => void;
}

const questions = createStore<{ question: Question | null }>(() => ({ question: null }));

/** Asks yes or no. */
export async function confirmWith(question: Omit<Question, "answer" | "field">): Promise<boolean> {
  return (await ask(question)) !== null;
}

/** Asks for a line of text; `null` when the reader changed their mind. `check` answers what is wrong, or `null`. */
export function askForText(question: Omit<Question, "answer"> & Pick<Required<Question>, "field">) {
  return ask(question);
}

function ask(question: Omit<Question, "answer">): Promise<string | null> {
  return new Promise((resolve) => {
    questions.getState().question?.answer(null);
    questions.setState({
      question: {
        ...question,
        answer: (value) => {
          questions.setState({ question: null });
          resolve(value);
        },
      },
    });
  });
}

/** Where questions appear; stands once in the page. */
export function Questions() {
  const question = useStore(questions, (state) => state.question);
  return question === null ? null : <QuestionDialog key={question.title} question={question} />;
}

function QuestionDialog({ question }: { question: Question }) {
  const { title, text, field, confirmLabel, isDangerous, answer } = question;
  const [value, setValue] = useState(field?.value ?? "");
  const [isTouched, setIsTouched] = useState(false);
  const problem = field?.check(value) ?? null;
  const input = useRef<HTMLInputElement>(null);
  const safest = useRef<HTMLButtonElement>(null);
  // After the dialog has opened and focused its first button: to the field, or to the answer that loses nothing.
  useEffect(() => {
    if (input.current === null) safest.current?.focus();
    else {
      input.current.focus();
      selectStem(input.current);
    }
  }, []);
  return (
    <Dialog title={title} onClose={() => answer(null)}>
      <form
        className="question"
        onSubmit={(event) => {
          event.preventDefault();
          setIsTouched(true);
          if (problem === null) answer(value);
        }}
      >
        {text !== undefined && <p>{text}</p>}
        {field !== undefined && (
          <label className="field">
            <span className="field__label">{field.label}</span>
            <input
              ref={input}
              className="field__input"
              value={value}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              aria-invalid={isTouched && problem !== null}
              aria-describedby="question-problem"
              onChange={(event) => {
                setValue(event.target.value);
                setIsTouched(true);
              }}
            />
            <span id="question-problem" className="field__problem" role="alert">
              {isTouched ? problem : null}
            </span>
          </label>
        )}
        <div className="question__actions">
          <button
            ref={isDangerous ? safest : undefined}
            type="button"
            className="button"
            onClick={() => answer(null)}
          >
            Cancel
          </button>
          <button
            ref={isDangerous ? undefined : safest}
            type="submit"
            className={`button ${isDangerous ? "button--danger" : "button--primary"}`}
          >
            {confirmLabel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** As file managers do: the name is selected, its ending is not. */
function selectStem(input: HTMLInputElement): void {
  const slash = input.value.lastIndexOf("/") + 1;
  const dot = input.value.lastIndexOf(".");
  input.setSelectionRange(slash, dot > slash ? dot : input.value.length);
}
