/**
 * Writes a build's variables as a shell script. The shell that runs a command reads it, so the variables are not
 * in the first environment of a process, which `/proc` shows, and no program outside the sandbox gets them.
 */
type Environment = Readonly<Record<string, string>>;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** bash passes an exported function as a variable of this name. */
const FUNCTION = /^BASH_FUNC_([A-Za-z_]\w*)%%$/;

export const environmentScript = (environment: Environment): string =>
  Object.entries(environment)
    .map(([name, value]) => {
      const [, called] = FUNCTION.exec(name) ?? [];
      if (called !== undefined) return `${called} ${value}\nexport -f ${called}\n`;
      return /^[A-Za-z_]\w*$/.test(name) ? `export ${name}=${quoted(value)}\n` : "";
    })
    .join("");
