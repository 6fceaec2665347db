using Speedup.Cli.Terminals;
using Speedup.Persistence;
using Speedup.Pruning.Descriptions;
using static TorchSharp.torch;

namespace Speedup.Cli.UserModels;

/// <summary>The model and the inputs that a description names.</summary>
/// <param name="description">The description.</param>
/// <param name="assembly">Where the model's class is.</param>
/// <param name="folder">What paths of the description are relative to.</param>
internal sealed class DescribedModel(PipelineDescription description, UserAssembly assembly, string folder)
{
    /// <summary>Builds the model, in evaluation mode, with its weights; it belongs to the caller.</summary>
    /// <exception cref="UsageException">The description names none, or two.</exception>
    public nn.Module Create()
    {
        ModelDescription named = description.Model;
        if (named.Type is null == named.Factory is null)
            throw new UsageException("'model' must have one of 'type' and 'factory'.");
        var arguments = new CallArguments(named.Args?.GetRawText());
        nn.Module model = named.Type is null
            ? UserModelLoader.LoadByFactory(assembly, named.Factory!, arguments)
            : UserModelLoader.Load(assembly, named.Type, arguments);
        model.eval();
        if (named.Weights is { } weights)
            StateDictFile.LoadInto(model, Path.Combine(folder, weights));
        return model;
    }

    /// <summary>Makes the example inputs: the same in every run, since a report's errors are those on them.</summary>
    /// <exception cref="UsageException">There are none, or one is no shape.</exception>
    public Tensor[] CreateInputs()
    {
        if (description.Inputs.Count == 0)
            throw new UsageException("'inputs' is empty: give the shape of each input, such as 1x3x224x224.");
        random.manual_seed(description.Seed);
        return [.. description.Inputs.Select(Create)];
    }

    private static Tensor Create(string text) =>
        (InputSpecification.TryParse(text) ?? throw new UsageException($"'inputs': '{text}' is not a shape such as 1x3x224x224.")).Create();
}
