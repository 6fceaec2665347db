using System.Reflection;
using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Training;

/// <summary>The groups and states of an optimizer that keeps them in TorchSharp. What it has for each parameter is in public fields of its state class.</summary>
internal sealed class OptimizerParts
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>State by native handle of the parameter: a protected field of TorchSharp's, as of 0.107.0.</summary>
    private static readonly FieldInfo? StateField = typeof(OptimizerHelper).GetField("_state", Own);
    private readonly OptimizerHelper _optimizer;
    private readonly IList<ParamGroup> _groups;
    private readonly IDictionary<nint, OptimizerState> _states;

    private OptimizerParts(OptimizerHelper optimizer, IList<ParamGroup> groups, IDictionary<nint, OptimizerState> states) =>
        (_optimizer, _groups, _states) = (optimizer, groups, states);

    /// <summary>The groups, in order.</summary>
    public IEnumerable<ParamGroup> Groups => _groups;

    /// <summary>Takes an optimizer apart; it is not changed.</summary>
    /// <exception cref="SpeedupException">It keeps its state elsewhere.</exception>
    public static OptimizerParts Of(optim.Optimizer optimizer) =>
        optimizer is OptimizerHelper { ParamGroups: IList<ParamGroup> groups } managed
        && StateField?.GetValue(managed) is IDictionary<nint, OptimizerState> states
            ? new OptimizerParts(managed, groups, states)
            : throw new SpeedupException(
                "SPD8001",
                $"The state of a {optimizer.GetType().Name} cannot be carried over, since TorchSharp does not show it. Make a new one over the small model's "
                    + "parameters; this one still has those of the dense model."
            );

    /// <summary>Gives each group other parameters, those that stay with the state that they have.</summary>
    /// <param name="parameters">The parameters of each group.</param>
    /// <param name="slices">Those that take over what is left of another one's state.</param>
    /// <exception cref="SpeedupException">The optimizer takes no groups; it is as it was.</exception>
    public void Replace(
        IReadOnlyList<IReadOnlyList<Parameter>> parameters,
        IReadOnlyDictionary<Parameter, (Parameter Old, ParameterSlice Slice)> slices
    )
    {
        ParamGroup[] groups = [.. _groups];
        IEnumerable<Parameter>[] oldParameters = [.. groups.Select(group => group.Parameters)];
        Dictionary<nint, OptimizerState> old = _states.Keys.ToList().ToDictionary(handle => handle, handle => _states[handle]);
        try
        {
            Rebuild(groups, parameters);
        }
        catch (Exception cause)
        {
            Restore(groups, oldParameters, old);
            throw new SpeedupException(
                "SPD8002",
                $"A {_optimizer.GetType().Name} does not take the small model's parameters ({cause.GetType().Name}: {cause.Message}). It is unchanged; make a "
                    + "new one over them.",
                cause
            );
        }
        foreach (Parameter parameter in parameters.SelectMany(group => group))
        {
            if (slices.TryGetValue(parameter, out (Parameter Old, ParameterSlice Slice) from))
                OptimizerStates.Copy(old[from.Old.Handle], _states[parameter.Handle], from.Slice.Take);
            else if (old.TryGetValue(parameter.Handle, out OptimizerState? same))
                _states[parameter.Handle] = same;
        }
        foreach (OptimizerState state in old.Values.Except(_states.Values))
            OptimizerStates.Dispose(state);
    }

    private void Rebuild(ParamGroup[] groups, IReadOnlyList<IReadOnlyList<Parameter>> parameters)
    {
        _groups.Clear();
        _states.Clear();
        foreach ((int at, ParamGroup group) in groups.Index())
        {
            double initialRate = group.InitialLearningRate;
            group.Parameters = [.. parameters[at]];
            _optimizer.add_param_group(group);
            group.InitialLearningRate = initialRate; // which add_param_group sets to the rate of now
        }
    }

    private void Restore(ParamGroup[] groups, IEnumerable<Parameter>[] parameters, Dictionary<nint, OptimizerState> states)
    {
        _groups.Clear();
        _states.Clear();
        foreach ((int at, ParamGroup group) in groups.Index())
        {
            group.Parameters = parameters[at];
            _groups.Add(group);
        }
        foreach ((nint handle, OptimizerState state) in states)
            _states[handle] = state;
    }
}
