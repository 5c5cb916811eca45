/** Where the pages of students and fees are. */
export function studentPath(id: string): string {
  return `/school/students/${encodeURIComponent(id)}`;
}

export function feePath(id: string): string {
  return `/school/fees/${encodeURIComponent(id)}`;
}
