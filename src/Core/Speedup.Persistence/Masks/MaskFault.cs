namespace Speedup.Persistence.Masks;

/// <summary>One way in which masks do not fit a model.</summary>
/// <param name="Code">Permanent code of this kind of fault, <c>SPD1102</c> and following.</param>
/// <param name="ModulePath">Module path of the mask.</param>
/// <param name="Parameter">Parameter of the mask.</param>
/// <param name="Message">What is wrong, with actual and expected values.</param>
public sealed record MaskFault(string Code, string ModulePath, string Parameter, string Message);
