using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Subjects;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>
/// A handler that is tested alone, on one call without network and engine; made by <c>PluginKit</c>. What the neighbours of the call know and allow is
/// drawn at random, so that cases arise which networks bring about seldom, and a case takes a millisecond.
/// </summary>
public sealed record OperatorSubject
{
    private readonly Func<OperatorSubject, CaseDraw, HandlerLog, ILoneCall> _start;

    internal OperatorSubject(string name, IReadOnlyList<KitInput> inputs, Func<OperatorSubject, CaseDraw, HandlerLog, ILoneCall> start)
    {
        Name = name;
        Inputs = inputs;
        _start = start;
    }

    /// <summary>Its name in reports.</summary>
    public string Name { get; init; }

    /// <summary>Its inputs. Constants enter on the axis of each; on none where it is an axis that the input does not have.</summary>
    public IReadOnlyList<KitInput> Inputs { get; }

    /// <summary>Axis of all outputs on which indices are unused, from the back if negative. By default the second.</summary>
    public int OutputAxis { get; init; } = 1;

    /// <summary>What becomes of constants that are removed.</summary>
    public ConstantPolicy Policy { get; init; }

    /// <summary>Whether all inputs have the constants of the first.</summary>
    public bool SameConstants { get; init; }

    /// <summary>Positions of inputs that are zero, as an initial state is.</summary>
    public IReadOnlySet<int> ZeroInputs { get; init; } = new HashSet<int>();

    /// <summary>Positions of outputs that nobody reads.</summary>
    public IReadOnlySet<int> Unread { get; init; } = new HashSet<int>();

    /// <summary>Whether the place of the module can hold one of another type, as an element of a <c>Sequential</c> can. A field of its own type cannot.</summary>
    public bool HoldsOtherTypes { get; init; }

    /// <summary>What makes valid inputs of random ones, such as truths or indices: the same, whether or not indices are cut before. By default they stay as they are.</summary>
    public Func<Tensor[], Tensor[]> Prepare { get; init; } = inputs => inputs;

    /// <summary>
    /// Draws masks of the module's parameters, by name: 0/1 tensors of their shapes in float64, which go with the case. Null for random rows, columns
    /// and entries.
    /// </summary>
    public Func<nn.Module, Random, IReadOnlyDictionary<string, Tensor>>? Masks { get; init; }

    /// <summary>Arguments of a function by the names of its parameters.</summary>
    internal IReadOnlyDictionary<string, object?>? Arguments { get; init; }

    /// <summary>In how many sizes the inputs are given.</summary>
    internal int SizeCount => Inputs.Count == 0 ? 1 : Inputs[0].OtherShapes.Count + 1;

    /// <summary>Runs random cases, in float64.</summary>
    /// <param name="cases">How many.</param>
    /// <param name="seed">Seed of the first; the next ones follow.</param>
    /// <returns>What was found.</returns>
    public OperatorReport Run(int cases = 200, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        var faults = new List<KitFault>();
        int removed = 0;
        int rebuilt = 0;
        for (int i = 0; i < cases; i++)
        {
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            using var log = new HandlerLog();
            CaseDraw draw = CaseDraw.Of(unchecked(seed + i));
            using ILoneCall call = _start(this, draw, log);
            var run = new OperatorCase(this, call, draw, log);
            run.Run();
            faults.AddRange(run.Findings.Select(finding => finding.Of(unchecked(seed + i), ScalarType.Float64)));
            removed += run.Removed;
            rebuilt += call.IsRebuilt ? 1 : 0;
        }
        return new OperatorReport(Name, cases, faults, removed, rebuilt);
    }
}
