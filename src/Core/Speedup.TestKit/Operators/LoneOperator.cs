using System.Reflection;
using Speedup.Abstractions;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>
/// One operator without a network around it: what its neighbours know and allow is set by the test. Ask a handler its functions, one by one, and
/// look at what it says.
/// </summary>
/// <example>
/// <code>
/// var op = new LoneOperator([zeros(2, 8)], [zeros(2, 8)], []) { Module = module };
/// op.Input(0)[1].SetConstant(3, 0.5);
/// handler.InferFromInput(op);
/// Assert.Equal(0, op.Output(0)[1].ConstantAt(3));
/// </code>
/// </example>
public sealed class LoneOperator : IRelations, IPlanning, IReplacement
{
    private readonly TensorFacts[] _inputs;
    private readonly TensorFacts[] _outputs;
    private readonly Dictionary<string, ParameterFacts> _parameters;
    private readonly Dictionary<string, object?> _arguments;
    private readonly TiedIndices _ties = new();
    private readonly HashSet<int> _kept = [];

    /// <summary>Describes a call; of the tensors only the shapes are read.</summary>
    /// <param name="inputs">The tensors that it reads.</param>
    /// <param name="outputs">The tensors that it yields.</param>
    /// <param name="parameters">Parameters and buffers of its module; none for a function.</param>
    /// <param name="arguments">
    /// Arguments of a function by the names of its parameters, <c>this</c> for the instance, <see cref="InputRef"/> in place of an input; null for a
    /// module.
    /// </param>
    public LoneOperator(
        IEnumerable<Tensor> inputs,
        IEnumerable<Tensor> outputs,
        IEnumerable<ParameterFacts> parameters,
        IReadOnlyDictionary<string, object?>? arguments = null
    )
    {
        _inputs = [.. inputs.Select(tensor => new TensorFacts(tensor.shape))];
        _outputs = [.. outputs.Select(tensor => new TensorFacts(tensor.shape))];
        _parameters = parameters.ToDictionary(parameter => parameter.Name);
        _arguments = arguments?.ToDictionary() ?? [];
    }

    /// <inheritdoc/>
    public string Name => "alone";

    /// <inheritdoc/>
    public ConstantPolicy Policy { get; init; }

    /// <inheritdoc/>
    public nn.Module? Module { get; init; }

    /// <inheritdoc/>
    public MethodInfo? Method { get; init; }

    /// <summary>The handler of the function, whose names of arguments are checked as the engine checks them; null for no check.</summary>
    public IFunctionHandler? Handler { get; init; }

    /// <summary>Positions of outputs that nobody reads.</summary>
    public IReadOnlySet<int> Unread { get; init; } = new HashSet<int>();

    /// <summary>A place that could not hold a module of another type; null where all can.</summary>
    public string? NarrowPlace { get; init; }

    /// <summary>Reasons that were noted for the report.</summary>
    public ISet<string> Notes { get; } = new HashSet<string>();

    /// <inheritdoc/>
    public int InputCount => _inputs.Length;

    /// <inheritdoc/>
    public int OutputCount => _outputs.Length;

    /// <summary>How many indices of its axes go, those of parameters included.</summary>
    public int RemovedCount => AllAxes().Sum(axis => Facts(axis).Length - Kept(axis).Count);

    /// <summary>Whether anything of its parameters is masked.</summary>
    public bool AnyMasked => _parameters.Values.Any(parameter => parameter.IsMasked);

    /// <inheritdoc/>
    public TensorFacts Input(int position) => _inputs[position];

    /// <inheritdoc/>
    public TensorFacts Output(int position) => _outputs[position];

    /// <inheritdoc/>
    public bool IsRead(int position) => !Unread.Contains(position);

    /// <inheritdoc/>
    public string? FindNarrowPlace(Type moduleType) => moduleType == Module?.GetType() ? null : NarrowPlace;

    /// <inheritdoc/>
    public ParameterFacts? FindParameter(string name) => _parameters.GetValueOrDefault(name);

    /// <inheritdoc/>
    public object? FindArgument(string name)
    {
        if (_arguments.TryGetValue(name, out object? value))
            return value;
        if (Handler is not null && !Handler.Functions.SelectMany(key => key.FindMethods()).SelectMany(NamesOf).Contains(name))
            throw new KitException($"{Handler.GetType()} asks for an argument '{name}', which none of its functions has.");
        return null;
    }

    /// <inheritdoc/>
    public AxisFacts Facts(AxisRef axis) => TensorOf(axis)[axis.Axis];

    /// <inheritdoc/>
    public void Tie(AxisRef first, AxisRef second)
    {
        if (Facts(first).Length != Facts(second).Length)
            throw new KitException(
                $"{first.Describe()} has {Facts(first).Length} indices and {second.Describe()} has {Facts(second).Length}: tie them index by index."
            );
        for (int i = 0; i < Facts(first).Length; i++)
            Tie(first, i, second, i);
    }

    /// <inheritdoc/>
    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _ties.Tie((FromFront(first), firstIndex), (FromFront(second), secondIndex));

    /// <inheritdoc/>
    public void Release(AxisRef axis) => _ties.Claim(FromFront(axis));

    /// <summary>Whether two indices go together.</summary>
    public bool AreTied(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _ties.GroupOf((FromFront(first), firstIndex)) == _ties.GroupOf((FromFront(second), secondIndex));

    /// <summary>
    /// Decides at random which groups the neighbours let go, of those that the facts allow. <c>Constrain</c> is asked until it keeps nothing more,
    /// and no axis is left empty.
    /// </summary>
    /// <param name="random">Decides.</param>
    /// <param name="constrain">Calls <c>Constrain</c> of the handler.</param>
    /// <param name="willingness">Share of the groups that the neighbours let go.</param>
    public void Plan(Random random, Action constrain, double willingness = 0.8)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(constrain);
        var members = AllAxes().SelectMany(axis => Enumerable.Range(0, Facts(axis).Length).Select(i => (Axis: axis, Index: i)));
        foreach (var group in members.GroupBy(_ties.GroupOf))
        {
            bool isAllowed = random.NextDouble() < willingness;
            if (!isAllowed || !group.All(member => IsRemovable(member.Axis, member.Index)))
                _kept.Add(group.Key);
        }
        int before;
        do
        {
            before = _kept.Count;
            constrain();
            foreach (AxisRef axis in AllAxes().Where(axis => Kept(axis).Count == 0))
                Keep(axis, 0, KeepCause.LastIndex, "last");
        } while (_kept.Count > before);
    }

    /// <inheritdoc/>
    public bool IsRemoved(AxisRef axis, int index) => !_kept.Contains(_ties.GroupOf((FromFront(axis), index)));

    /// <inheritdoc/>
    public void Keep(AxisRef axis, int index, KeepCause cause, string reason)
    {
        if (!_ties.IsClaimed(FromFront(axis)))
            throw new KitException($"{axis.Describe()} is neither tied nor released, so that it stays: there is nothing to keep.");
        _kept.Add(_ties.GroupOf((FromFront(axis), index)));
    }

    /// <inheritdoc/>
    public void Note(AxisRef axis, int index, KeepCause cause, string reason) => Notes.Add(reason);

    /// <inheritdoc/>
    public IReadOnlyList<int> Kept(AxisRef axis) => [.. Enumerable.Range(0, Facts(axis).Length).Where(i => !IsRemoved(axis, i))];

    /// <inheritdoc/>
    public double FoldedConstant(AxisRef axis, int index) =>
        IsRemoved(axis, index) && Facts(axis).IsConstant(index) && Policy == ConstantPolicy.Exact ? Facts(axis).ConstantAt(index) : 0;

    private static IEnumerable<string> NamesOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.Name!).Append(method.IsStatic ? "" : "this");

    private bool IsRemovable(AxisRef axis, int index) =>
        _ties.IsClaimed(axis) && (axis.Kind == PortKind.Parameter || !Facts(axis).IsNeeded(index));

    private IEnumerable<AxisRef> AllAxes() =>
        [
            .. _inputs.SelectMany((facts, p) => Enumerable.Range(0, facts.Rank).Select(axis => AxisRef.OfInput(p, axis))),
            .. _outputs.SelectMany((facts, p) => Enumerable.Range(0, facts.Rank).Select(axis => AxisRef.OfOutput(p, axis))),
            .. _parameters.Values.SelectMany(p => Enumerable.Range(0, p.Facts.Rank).Select(axis => AxisRef.OfParameter(p.Name, axis))),
        ];

    private AxisRef FromFront(AxisRef axis) => axis with { Axis = TensorOf(axis).Normalize(axis.Axis) };

    private TensorFacts TensorOf(AxisRef axis) =>
        axis.Kind switch
        {
            PortKind.Input => _inputs[axis.Position],
            PortKind.Output => _outputs[axis.Position],
            _ => _parameters[axis.Parameter!].Facts,
        };
}
