// A style sheet as text, minified: src/cli/build makes it so.
declare module '*.css?text' {
  const text: string
  export default text
}
