using System.Diagnostics;
using Speedup.Core.Plugins;
using Speedup.TestKit.Reports;
using Speedup.TestKit.Runs;
using Speedup.TestKit.Subjects;

namespace Speedup.TestKit;

/// <summary>What is tested, and how; made by <c>PluginKit</c>. Each method returns a changed copy.</summary>
public sealed record KitSubject
{
    private readonly HandlerRegistry _handlers;

    internal KitSubject(HandlerRegistry handlers, Subject subject)
    {
        _handlers = handlers;
        Subject = subject;
    }

    /// <summary>Its name in reports.</summary>
    public string Name => Subject.Name;

    /// <summary>Its inputs.</summary>
    public IReadOnlyList<KitInput> Inputs => Subject.Inputs;

    /// <summary>Type of the module; null where a function is tested.</summary>
    public Type? ModuleType => Subject.ModuleType;

    /// <summary>All of it.</summary>
    internal Subject Subject { get; init; }

    /// <summary>Gives it another name.</summary>
    public KitSubject Named(string name) => this with { Subject = Subject with { Name = name } };

    /// <summary>Further shapes of the only input, on which the small model must agree with the masked one.</summary>
    public KitSubject OtherSizes(params IEnumerable<long[]> shapes) =>
        this with
        {
            Subject = Subject with { Inputs = [Inputs.Single() with { OtherShapes = [.. shapes] }] },
        };

    /// <summary>
    /// The axis on which channels enter and leave; by default the second of the first input, and the same axis of outputs of the same
    /// rank.
    /// </summary>
    /// <param name="input">Axis of all inputs, from the back if negative.</param>
    /// <param name="output">Axis of all outputs; null for the default.</param>
    public KitSubject OnAxis(int input, int? output = null) =>
        this with
        {
            Subject = Subject with { Inputs = [.. Inputs.Select(each => each with { Axis = input })], OutputAxis = output },
        };

    /// <summary>
    /// Says that channels go in blocks of consecutive ones, as the groups of <c>GroupNorm</c> or the channels that <c>PixelShuffle</c> makes
    /// one of: masks around the module are then drawn block by block, and of a block that cannot go as a whole nothing counts as removable.
    /// </summary>
    /// <param name="input">Number of channels of a block at the inputs.</param>
    /// <param name="output">The same at the outputs.</param>
    public KitSubject InBlocks(int input, int output = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(output, 1);
        return this with { Subject = Subject with { Blocks = (input, output) } };
    }

    /// <summary>
    /// Sets the share of removable channels that must be removed, between 0 and 1; by default 0.95. Brute force knows nothing of how a
    /// module works inside: some of what it calls removable may be needed (one channel constant under a softmax, say), and then this
    /// is the place to say how much.
    /// </summary>
    /// <param name="completeness">Share of the removable channels.</param>
    /// <param name="shrunk">
    /// Share of the cases in which the module itself must lose parameters: for operators that get smaller inside, such as attention.
    /// </param>
    public KitSubject AtLeast(double completeness, double shrunk = 0) =>
        this with
        {
            Subject = Subject with { LeastCompleteness = completeness, LeastShrunk = shrunk },
        };

    /// <summary>Runs random mask sets, each in float32 and float64.</summary>
    /// <param name="cases">How many.</param>
    /// <param name="seed">Seed of the first; the next ones follow.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="KitException">The subject does not fit the kit, so that it cannot be tested.</exception>
    public KitReport Run(int cases = 200, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        var clock = Stopwatch.StartNew();
        using var runner = new CaseRunner(Subject, _handlers);
        var tally = new Tally();
        for (int i = 0; i < cases; i++)
            runner.Run(unchecked(seed + i), tally);
        if (tally.Faults.Count == 0 && cases > 1)
            tally.CheckCompleteness(Subject.LeastCompleteness, (int)Math.Ceiling(Subject.LeastShrunk * cases), runner.Handler);
        return new KitReport
        {
            Subject = Name,
            Cases = cases,
            Faults = tally.Faults,
            Removable = tally.Removable,
            Removed = tally.Removed,
            LeastCompleteness = Subject.LeastCompleteness,
            Shrunk = tally.Shrunk,
            Elapsed = clock.Elapsed,
        };
    }
}
