/** The name under which Nest hands the libraries and settings to the modules. */
export const SERVICES = Symbol('services');
