/** The Examples menu: every canonical operation by business, with a filter; choosing one opens it in a new tab. */
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useMemo, useRef, useState, type ToggleEvent } from "react";
import { groupByBusiness, variablesToRun, type Example } from "./examples";
import { BookIcon } from "./icons";
import { placeBelow, walk } from "./menu";

const KIND_WORDS: Record<Example["kind"], string> = { query: "query", mutation: "mutation", subscription: "feed" };

export function ExamplesMenu({ examples }: { examples: Example[] }) {
  const [filter, setFilter] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const open = useOpenExample();
  const groups = useMemo(() => groupByBusiness(examples.filter((example) => matches(example, filter))), [examples, filter]);

  function place(event: ToggleEvent): void {
    if (event.newState !== "open" || !panel.current || !button.current) return;
    placeBelow(button.current, panel.current);
    setFilter("");
    search.current?.focus();
  }

  function choose(example: Example): void {
    panel.current?.hidePopover();
    open(example);
  }

  return (
    <>
      <button ref={button} type="button" className="plain" popoverTarget="examples" aria-haspopup="dialog">
        <BookIcon />
        Examples
      </button>
      <div ref={panel} id="examples" className="menu" popover="auto" role="dialog" aria-label="Examples" onToggle={place} onKeyDown={walk}>
        <input
          ref={search}
          type="search"
          aria-label="Filter the examples"
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        {groups.length === 0 && <p>{examples.length === 0 ? "This build holds no examples." : "No example matches."}</p>}
        {groups.map(([business, members]) => (
          <section key={business} aria-label={business}>
            <h2>{business}</h2>
            <ul>
              {members.map((example) => (
                <li key={example.path}>
                  <button type="button" className="example" onClick={() => choose(example)}>
                    {example.name}
                    <span className={`kind ${example.kind}`}>{KIND_WORDS[example.kind]}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function useOpenExample(): (example: Example) => void {
  const { addTab, stop, updateActiveTabValues } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  return (example) => {
    const variables = variablesToRun(example) ?? "";
    stop();
    addTab();
    updateActiveTabValues({ query: example.query, variables });
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(variables);
    queryEditor?.focus();
  };
}

function matches(example: Example, filter: string): boolean {
  const text = `${example.business} ${example.path} ${KIND_WORDS[example.kind]}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
