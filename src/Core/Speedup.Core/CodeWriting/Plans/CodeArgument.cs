using System.Reflection;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>An argument of a call.</summary>
/// <param name="Parameter">The parameter; null for the instance that a method is called on.</param>
/// <param name="Value">What it is given.</param>
internal sealed record CodeArgument(ParameterInfo? Parameter, CodeValue Value)
{
    /// <summary>Whether it can be left out, since the parameter has that value by default.</summary>
    public bool IsDefault =>
        Parameter is { HasDefaultValue: true }
        && Value is CodeValue.Literal literal
        && (literal.Value is null ? Parameter.DefaultValue is null : IsSame(literal.Value, Parameter.DefaultValue));

    private static bool IsSame(object value, object? byDefault) =>
        value is Enum && byDefault is not null and not Enum
            ? Convert.ToInt64(value, null) == Convert.ToInt64(byDefault, null)
            : value.Equals(byDefault);
}
