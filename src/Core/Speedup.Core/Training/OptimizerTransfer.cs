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
    private Dictionary<Parameter, string> _paths;

    private OptimizerTransfer(nn.Module model, OptimizerParts optimizer)
    {
        (_model, _optimizer) = (model, optimizer);
        (_before, _paths) = Note();
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
        foreach (Parameter parameter in group.Parameters)
        {
            Parameter? now = _paths.TryGetValue(parameter, out string? path) ? succession.Find(path, parameter) : parameter;
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
        (_before, _paths) = Note();
        return anew;
    }

    private static bool Has(List<Parameter>[] groups, Parameter parameter) =>
        groups.Any(group => group.Contains(parameter, ReferenceEqualityComparer.Instance));

    /// <summary>The group that another parameter of the same module is in; null where none of it is trained.</summary>
    private int? FindGroup(string path)
    {
        HashSet<Parameter> siblings = new(ReferenceEqualityComparer.Instance);
        siblings.UnionWith(
            _paths.Where(known => ModelParameters.ModuleOf(known.Value) == ModelParameters.ModuleOf(path)).Select(known => known.Key)
        );
        int at = _optimizer.Groups.ToList().FindIndex(group => group.Parameters.Any(siblings.Contains));
        return at < 0 ? null : at;
    }

    private (ModelParameters, Dictionary<Parameter, string>) Note()
    {
        var parameters = ModelParameters.Of(_model);
        var paths = new Dictionary<Parameter, string>(ReferenceEqualityComparer.Instance);
        foreach (Parameter parameter in _optimizer.Groups.SelectMany(group => group.Parameters))
        {
            if (parameters.FindPath(parameter) is { } path)
                paths[parameter] = path;
        }
        return (parameters, paths);
    }
}
