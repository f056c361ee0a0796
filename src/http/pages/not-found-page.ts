// Placeholder.
export function notFoundPage(): string {
  return '<!doctype html><title>Not found</title><a href="/">Home</a>'
}
