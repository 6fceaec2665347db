using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>Builds the smaller transformer that a plan describes.</summary>
internal static class TransformerBuilder
{
    /// <summary>The smaller module, without dropout.</summary>
    public static nn.Module Build(IOperator op, TransformerPlan plan)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        TransformerKind kind = TransformerKind.Of(op.Module!);
        var parts = new TransformerParts(op.Module!);
        Dictionary<string, Tensor> parameters = Select(op, plan, parts);
        if (plan.IsNative)
            return Fill(kind.CreateNative(ShapeOf(op, plan, parts)), parameters);
        var own = parameters.ToDictionary(entry => entry.Key, entry => entry.Value.MoveToOuterDisposeScope());
        return kind.CreatePruned(own, plan.Options.HeadWidth, plan.Options.Activation);
    }

    private static Dictionary<string, Tensor> Select(IOperator op, TransformerPlan plan, TransformerParts parts)
    {
        var parameters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        bool separates = !plan.IsNative;
        foreach (string name in parts.Names)
        {
            if (!separates || !parts.Attentions.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                parameters[name] = op.FindParameter(name)!.Masked();
        }
        foreach (string prefix in separates ? parts.Attentions : [])
        {
            HeadWeights weights = HeadWeights.Read(op, prefix).Select(plan.Heads[prefix], plan.Options.HeadWidth);
            foreach ((string name, Tensor value) in weights.ByName())
                parameters[prefix + name] = value.clone(); // it may be a part of one that all share
        }
        foreach (string layer in parts.Layers)
        foreach ((string name, Tensor value) in new FeedForward(op, layer).Select(plan.Units[layer], plan.Options.Activation))
            parameters[name] = value;
        return parameters;
    }

    private static TransformerShape ShapeOf(IOperator op, TransformerPlan plan, TransformerParts parts)
    {
        int columns = HeadWeights.CountColumns(op, parts.Attentions[0]);
        int decoders = parts.CountDecoderLayers();
        return new TransformerShape(
            columns,
            columns / plan.Options.HeadWidth,
            plan.Units.Values.First().Length,
            plan.Options.Activation,
            parts.Layers.Count - decoders,
            decoders
        );
    }

    private static nn.Module Fill(nn.Module module, Dictionary<string, Tensor> parameters)
    {
        Tensor any = parameters.Values.First();
        module.to(any.device, any.dtype);
        foreach ((string name, Parameter parameter) in module.named_parameters(recurse: false))
        {
            parameter.copy_(parameters[name]);
            parameter.DetachFromDisposeScope(); // a native module does not do so itself
        }
        return module;
    }
}
