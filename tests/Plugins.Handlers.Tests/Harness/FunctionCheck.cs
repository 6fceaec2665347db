using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>Runs <see cref="OperatorCheck"/> on a function; arguments stand in order, the instance first, inputs as <see cref="InputRef"/>.</summary>
internal sealed class FunctionCheck(MethodInfo method, int seed, params object?[] arguments)
{
    private readonly Random _random = new(seed);

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
        using var _ = no_grad();
        manual_seed(seed);
        Dictionary<string, object?> recorded = Names().Zip(arguments).ToDictionary(pair => pair.First, pair => pair.Second);
        Tensor[] inputs = [.. Sizes[0].Select(shape => randn(shape, dtype: ScalarType.Float64))];
        Tensor[] outputs = Invoke(recorded, inputs);
        IFunctionHandler handler = Handlers.For(FunctionKey.Of(method));
        var op = new FakeOperator(inputs, outputs, [], recorded)
        {
            Method = method,
            Policy = Policy,
            Handler = handler,
        };
        var check = new OperatorCheck(handler, op, _random)
        {
            Original = tensors => Invoke(recorded, tensors),
            MakeSmall = () => Small(handler, op, recorded),
            Sizes = Sizes,
            ConstantAxes = ConstantAxes,
            SameConstants = SameConstants,
            UnusedAxes = [.. outputs.Select(_ => UnusedAxis)],
        };
        return check.Run();
    }

    private Func<Tensor[], Tensor[]> Small(IFunctionHandler handler, FakeOperator op, Dictionary<string, object?> recorded)
    {
        var changed = new Dictionary<string, object?>(recorded);
        foreach (var (name, value) in handler.Replace(op))
            changed[name] = value;
        return tensors => Invoke(changed, tensors);
    }

    private Tensor[] Invoke(Dictionary<string, object?> recorded, Tensor[] random)
    {
        Tensor[] tensors = Prepare(random);
        object?[] values = [.. method.GetParameters().Select(p => Resolve(recorded[p.Name!], tensors))];
        object? instance = method.IsStatic ? null : Resolve(recorded["this"], tensors);
        object result = method.Invoke(instance, values)!;
        return result switch
        {
            Tensor single => [single.to(ScalarType.Float64)], // truths, too
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => ((Tensor)tuple[i]!).to(ScalarType.Float64))],
            _ => (Tensor[])result,
        };
    }

    private static object? Resolve(object? argument, Tensor[] tensors) =>
        argument switch
        {
            InputRef input => tensors[input.Position].clone(), // in-place forms must not write into the inputs
            IList list when list.Count > 0 && list[0] is InputRef => list.Cast<InputRef>().Select(i => tensors[i.Position]).ToArray(),
            _ => argument,
        };

    private IEnumerable<string> Names()
    {
        IEnumerable<string> names = method.GetParameters().Select(parameter => parameter.Name!);
        return method.IsStatic ? names : names.Prepend("this");
    }
}
