using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Core.Training;

/// <summary>
/// Lets an optimizer go on with the small model: the parameters that speedups have made take the place of the model's old ones, and momentum buffers, moments
/// and steps are carried over for the indices that are left. The optimizer stays the same object, in place, so that learning-rate schedulers and whoever else
/// holds it go on, too.
/// <code>
/// OptimizerTransfer transfer = OptimizerTransfer.Begin(model, optimizer);
/// ModelSpeedup.Run(model, [input], masks);
/// transfer.Complete();
/// </code>
/// </summary>
/// <remarks>docs/training.md tells more. Not for several threads at once.</remarks>
public sealed class OptimizerTransfer
{
    private readonly nn.Module _model;
    private readonly OptimizerParts _optimizer;
    private ModelParameters _before;
    private Dictionary<ParamGroup, IReadOnlyList<(Parameter Parameter, string? Path)>> _groups;

    private OptimizerTransfer(nn.Module model, OptimizerParts optimizer)
    {
        (_model, _optimizer) = (model, optimizer);
        (_before, _groups) = Note();
    }

    /// <summary>Notes which parameters of a model an optimizer has. Nothing is changed.</summary>
    /// <param name="model">The model that is to be made small, or one that holds it.</param>
    /// <param name="optimizer">
    /// An optimizer over any of its parameters, in any groups, and perhaps others: of those that keep their state in TorchSharp (<c>SGD</c>, <c>Adam</c>, <c>AdamW</c>,
    /// <c>Adamax</c>, <c>NAdam</c>, <c>RAdam</c>, <c>Adagrad</c>, <c>Adadelta</c>, <c>RMSProp</c>, <c>Rprop</c>, <c>ASGD</c>).
    /// </param>
    /// <returns>What to call <see cref="Complete"/> of, after the speedup. It holds model, optimizer and the old parameters until then.</returns>
    /// <exception cref="SpeedupException">The optimizer keeps its state elsewhere, as <c>LBFGS</c> does (SPD8001).</exception>
    public static OptimizerTransfer Begin(nn.Module model, optim.Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        return new OptimizerTransfer(model, OptimizerParts.Of(optimizer));
    }

    /// <summary>
    /// Gives the optimizer the parameters that the model has now, with the state of what is left of them. Parameters that stayed, and those of other models, are
    /// left alone with their state; those that the model has lost go; new ones, such as a bias for folded constants, join the group of their module, if they
    /// are to be trained, and begin without state. Without a speedup in between, or after one that failed, nothing is changed. May be called again after a
    /// further speedup.
    /// </summary>
    /// <returns>Names of parameters that begin without state: new ones, and those that are not made of rows and columns of the old.</returns>
    /// <exception cref="SpeedupException">The optimizer takes no groups of parameters (SPD8002); it is unchanged.</exception>
    public IReadOnlyList<string> Complete()
    {
        using IDisposable noGradients = no_grad();
        ParameterSuccession succession = new(_before, ModelParameters.Of(_model));
        List<Parameter>[] groups = [.. _optimizer.Groups.Select(_ => new List<Parameter>())];
        foreach ((int at, ParamGroup group) in _optimizer.Groups.Index())
        foreach ((Parameter parameter, string? path) in MembersOf(group))
        {
            Parameter? now = path is null ? parameter : succession.Find(path, parameter);
            if (now is not null && !Has(groups, now))
                groups[at].Add(now);
        }
        foreach ((string path, Parameter added) in succession.Added)
        {
            if (FindGroup(path) is { } group)
                groups[group].Add(added);
        }
        if (!succession.IsEmpty)
            _optimizer.Replace(groups, succession.Slices);
        IReadOnlyList<string> anew = [.. succession.Anew.Where(entry => Has(groups, entry.Parameter)).Select(entry => entry.Path)];
        (_before, _groups) = Note();
        return anew;
    }

    private static bool Has(List<Parameter>[] groups, Parameter parameter) =>
        groups.Any(group => group.Contains(parameter, ReferenceEqualityComparer.Instance));

    /// <summary>What was noted of a group; all that it has, if it has come since.</summary>
    private IReadOnlyList<(Parameter Parameter, string? Path)> MembersOf(ParamGroup group) =>
        _groups.TryGetValue(group, out var members) ? members : [.. group.Parameters.Select(own => (own, (string?)null))];

    /// <summary>The group that another parameter of the same module is in; null where none of it is trained.</summary>
    private int? FindGroup(string path)
    {
        string module = ModelParameters.ModuleOf(path);
        int at = _optimizer
            .Groups.ToList()
            .FindIndex(group => MembersOf(group).Any(member => member.Path is { } other && ModelParameters.ModuleOf(other) == module));
        return at < 0 ? null : at;
    }

    /// <summary>Notes the parameters themselves: a group that was given <c>model.parameters()</c> looks them up each time, and has those of the small model then.</summary>
    private (ModelParameters, Dictionary<ParamGroup, IReadOnlyList<(Parameter, string?)>>) Note()
    {
        var parameters = ModelParameters.Of(_model);
        var groups = new Dictionary<ParamGroup, IReadOnlyList<(Parameter, string?)>>(ReferenceEqualityComparer.Instance);
        foreach (ParamGroup group in _optimizer.Groups)
            groups[group] = [.. group.Parameters.Select(own => (own, parameters.FindPath(own)))];
        return (parameters, groups);
    }
}
