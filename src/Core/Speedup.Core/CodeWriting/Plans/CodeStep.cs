using System.Reflection;

namespace Speedup.Core.CodeWriting.Plans;

/// <summary>One call of the forward pass.</summary>
internal sealed record CodeStep
{
    /// <summary>The call as the trace names it.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the module whose forward makes the call; empty for the model's own.</summary>
    public required string Section { get; init; }

    /// <summary>The function that is called, or the method of <see cref="Module"/>.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>The module that is called; null where it is a function.</summary>
    public CodeModule? Module { get; init; }

    /// <summary>The arguments in the order of parameters, the instance first.</summary>
    public required IReadOnlyList<CodeArgument> Arguments { get; init; }

    /// <summary>Ids of the values that it makes; none where it changes one in place and returns nothing.</summary>
    public required IReadOnlyList<int> Results { get; init; }

    /// <summary>Where in what it returns the results are; null where it returns the one tensor.</summary>
    public IReadOnlyList<ResultPlace>? Places { get; init; }

    /// <summary>The ids of the values that it reads.</summary>
    public IEnumerable<int> Reads => Arguments.SelectMany(argument => argument.Value.Reads);
}
