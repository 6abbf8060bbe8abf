/** A CloudFormation or SAM template as plain data: read from YAML with short-form tags or from JSON. */

export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

export type PlainObject = { readonly [key: string]: PlainValue };

/** A template's root; everything beyond `Resources` is optional. */
export type TemplateDocument = PlainObject;
