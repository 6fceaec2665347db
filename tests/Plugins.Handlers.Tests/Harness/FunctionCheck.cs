using System.Reflection;
using Speedup.Abstractions;
using Speedup.TestKit.Operators;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Has the kit test a function; arguments stand in order, the instance first, inputs as <see cref="InputRef"/>.</summary>
internal sealed class FunctionCheck(MethodInfo method, int seed, params object?[] arguments)
{
    /// <summary>Shapes of the inputs, in one or more sizes.</summary>
    public required IReadOnlyList<long[][]> Sizes { get; init; }

    /// <summary>Axis of each input on which constants enter.</summary>
    public required IReadOnlyList<int> ConstantAxes { get; init; }

    /// <summary>Axis of all outputs on which unused indices enter.</summary>
    public required int UnusedAxis { get; init; }

    public ConstantPolicy Policy { get; init; }

    /// <summary>Whether all inputs have the constants of the first.</summary>
    public bool SameConstants { get; init; }

    /// <summary>What makes valid inputs of random ones, such as indices.</summary>
    public Func<Tensor[], Tensor[]> Prepare { get; init; } = inputs => inputs;

    public static MethodInfo Find(Type type, string name, params Type[] parameters) =>
        type.GetMethod(name, parameters) ?? throw new MissingMethodException(type.FullName, name);

    /// <summary>Runs it; says whether anything was removed.</summary>
    public bool Run()
    {
        OperatorSubject subject = Handlers.Kit.Operator(method, arguments, CheckInputs.Of(Sizes, position => ConstantAxes[position])) with
        {
            OutputAxis = UnusedAxis,
            Policy = Policy,
            SameConstants = SameConstants,
            Prepare = Prepare,
        };
        OperatorReport report = subject.Run(cases: 1, seed);
        report.ThrowIfFailed();
        return report.Removed > 0;
    }
}
