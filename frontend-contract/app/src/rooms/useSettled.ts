/** What is being typed, once it has stood still for a moment: so that a server is asked for words and not for letters. */
import { useEffect, useRef, useState } from "react";

/** The value as it was when it last stood still for so long. Equal values (by their JSON) count as the same. */
export function useSettled<T>(value: T, stillMs = 250): T {
  const [settled, setSettled] = useState(value);
  const text = JSON.stringify(value);
  const latest = useRef(value);
  latest.current = value;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(latest.current), stillMs);
    return () => clearTimeout(timer);
  }, [text, stillMs]);
  return settled;
}
