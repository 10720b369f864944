import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface MenuItem {
  id: string;
  label: string;
  description?: string | undefined;
  isChecked?: boolean | undefined;
  isDangerous?: boolean | undefined;
  isDisabled?: boolean | undefined;
  onSelect: () => void;
}

interface MenuProps {
  /** Accessible name of the button. */
  label: string;
  /** What is on the button. */
  children: ReactNode;
  items: readonly MenuItem[];
  className?: string;
  /** Which edge of the button the list lines up with. */
  align?: "start" | "end";
}

/** A button that opens a list of commands; arrows, Home, End, Escape and first letters work in it. */
export function Menu({ label, children, items, className = "", align = "start" }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    focusItem(list.current, (all) => all.findIndex((item) => item.ariaChecked === "true"));
    const close = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setIsOpen(false);
    };
    // `blur` of the window: a click into a frame (a guest's document) never reaches this page.
    const leave = () => setIsOpen(false);
    addEventListener("pointerdown", close);
    addEventListener("blur", leave);
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("blur", leave);
    };
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const move = (to: (index: number, count: number) => number) => {
      event.preventDefault();
      focusItem(list.current, (all) => to(all.indexOf(document.activeElement as HTMLElement), all.length));
    };
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") setIsOpen(false);
    else if (event.key === "ArrowDown") move((index, count) => (index + 1) % count);
    else if (event.key === "ArrowUp") move((index, count) => (index - 1 + count) % count);
    else if (event.key === "Home") move(() => 0);
    else if (event.key === "End") move((_, count) => count - 1);
    else if (event.key.length === 1 && event.key !== " ") {
      const letter = event.key.toLowerCase();
      focusItem(list.current, (all) =>
        all.findIndex((item) => item.textContent?.toLowerCase().startsWith(letter)),
      );
    }
  };

  return (
    <div className={`menu ${className}`} ref={root}>
      <button
        ref={button}
        type="button"
        className="menu__button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !isOpen) {
            event.preventDefault();
            setIsOpen(true);
          }
        }}
      >
        {children}
      </button>
      {isOpen && (
        <div
          id={id}
          ref={list}
          className={`menu__list menu__list--${align}`}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            <button
              key={item.id}
              type="button"
              {...(item.isChecked === undefined
                ? { role: "menuitem" }
                : { role: "menuitemradio", "aria-checked": item.isChecked })}
              className={`menu__item${item.isDangerous ? " menu__item--danger" : ""}`}
              tabIndex={-1}
              disabled={item.isDisabled}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              <span className="menu__label">{item.label}</span>
              {item.description !== undefined && (
                <span className="menu__description">{item.description}</span>
              )}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function focusItem(list: HTMLElement | null, choose: (items: HTMLElement[]) => number): void {
  const items = [...(list?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? [])];
  (items[choose(items)] ?? items[0])?.focus();
}
