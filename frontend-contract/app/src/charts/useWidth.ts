/** How wide an element is, so that a chart is drawn in real pixels and its text never stretches. */
import { useEffect, useRef, useState, type RefObject } from "react";

export function useWidth<E extends HTMLElement>(initial = 480): [RefObject<E | null>, number] {
  const element = useRef<E | null>(null);
  const [width, setWidth] = useState(initial);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(Math.round(entry.contentRect.width));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}
