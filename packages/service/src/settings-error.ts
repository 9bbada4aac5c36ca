/** A setting that cannot be used. The message names it as the operator writes it, the rule, and the value. */
export class SettingsError extends Error {
  override name = 'SettingsError';
  readonly setting: string;

  constructor(setting: string, message: string) {
    super(message);
    this.setting = setting;
  }
}
