// What an import of the compiled module gives under Workers: the module, not an instance.
declare const module: WebAssembly.Module
export default module
