using System.Reflection;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Plugins.Handlers.Tests.Harness;

/// <summary>One operator without a graph around it: what its neighbours know and allow is set by the test.</summary>
internal sealed class FakeOperator : IRelations, IPlanning, IReplacement
{
    private readonly TensorFacts[] _inputs;
    private readonly TensorFacts[] _outputs;
    private readonly Dictionary<string, ParameterFacts> _parameters;
    private readonly Dictionary<string, object?> _arguments;
    private readonly IndexGroups _groups = new();
    private readonly HashSet<(AxisRef, int)> _kept = [];

    public FakeOperator(
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

    public string Name => "fake";

    public ConstantPolicy Policy { get; init; }

    public nn.Module? Module { get; init; }

    public MethodInfo? Method { get; init; }

    /// <summary>Outputs that nobody reads.</summary>
    public IReadOnlySet<int> Unread { get; init; } = new HashSet<int>();

    public int InputCount => _inputs.Length;

    public int OutputCount => _outputs.Length;

    public bool AnyRemoved => AllAxes().Any(axis => Enumerable.Range(0, Facts(axis).Length).Any(i => IsRemoved(axis, i)));

    public bool AnyMasked => _parameters.Values.Any(parameter => parameter.IsMasked);

    public TensorFacts Input(int position) => _inputs[position];

    public TensorFacts Output(int position) => _outputs[position];

    public bool IsRead(int position) => !Unread.Contains(position);

    /// <summary>A place that could not hold a module of another type.</summary>
    public string? NarrowPlace { get; init; }

    /// <summary>Reasons that were noted for the report.</summary>
    public HashSet<string> Notes { get; } = [];

    public string? FindNarrowPlace(Type moduleType) => moduleType == Module?.GetType() ? null : NarrowPlace;

    public void Note(AxisRef axis, int index, KeepCause cause, string reason) => Notes.Add(reason);

    public ParameterFacts? FindParameter(string name) => _parameters.GetValueOrDefault(name);

    /// <summary>The handler of the function that is called, whose names of arguments are checked as the engine checks them; null for a module's.</summary>
    public IFunctionHandler? Handler { get; init; }

    public object? FindArgument(string name)
    {
        if (Handler is not null && !_arguments.ContainsKey(name))
            Xunit.Assert.Contains(name, Handler.Functions.SelectMany(key => key.FindMethods()).SelectMany(NamesOf));
        return _arguments.GetValueOrDefault(name);
    }

    public AxisFacts Facts(AxisRef axis) => TensorOf(axis)[axis.Axis];

    public void Tie(AxisRef first, AxisRef second)
    {
        Xunit.Assert.Equal(Facts(first).Length, Facts(second).Length);
        for (int i = 0; i < Facts(first).Length; i++)
            Tie(first, i, second, i);
    }

    public void Tie(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _groups.Tie((FromFront(first), firstIndex), (FromFront(second), secondIndex));

    public void Release(AxisRef axis) => _groups.Mentioned.Add(FromFront(axis));

    /// <summary>Whether two indices go together.</summary>
    public bool AreTied(AxisRef first, int firstIndex, AxisRef second, int secondIndex) =>
        _groups.Find((FromFront(first), firstIndex)) == _groups.Find((FromFront(second), secondIndex));

    /// <summary>Decides at random which groups the neighbours let go, leaving no axis empty.</summary>
    public void Plan(Random random, Action constrain, double willingness = 0.8)
    {
        var members = AllAxes().SelectMany(axis => Enumerable.Range(0, Facts(axis).Length).Select(i => (Axis: axis, Index: i)));
        foreach (var group in members.GroupBy(_groups.Find))
        {
            bool allowed = random.NextDouble() < willingness;
            if (!allowed || !group.All(member => IsRemovable(member.Axis, member.Index)))
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

    public bool IsRemoved(AxisRef axis, int index) => !_kept.Contains(_groups.Find((FromFront(axis), index)));

    public void Keep(AxisRef axis, int index, KeepCause cause, string reason)
    {
        Xunit.Assert.Contains(FromFront(axis), _groups.Mentioned);
        _kept.Add(_groups.Find((FromFront(axis), index)));
    }

    public IReadOnlyList<int> Kept(AxisRef axis) => [.. Enumerable.Range(0, Facts(axis).Length).Where(i => !IsRemoved(axis, i))];

    public double FoldedConstant(AxisRef axis, int index) =>
        IsRemoved(axis, index) && Facts(axis).IsConstant(index) && Policy == ConstantPolicy.Exact ? Facts(axis).ConstantAt(index) : 0;

    private static IEnumerable<string> NamesOf(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.Name!).Append(method.IsStatic ? "" : "this");

    private bool IsRemovable(AxisRef axis, int index)
    {
        if (!_groups.Mentioned.Contains(axis))
            return false;
        return axis.Kind == PortKind.Parameter || !Facts(axis).IsNeeded(index);
    }

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
