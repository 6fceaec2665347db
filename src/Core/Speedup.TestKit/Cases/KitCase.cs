using Speedup.Core.Pipeline;
using Speedup.Core.Reporting;
using Speedup.Persistence.Masks;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Subjects;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.TestKit.Cases;

/// <summary>One mask set in one dtype: builds the same network, masks and inputs whenever it is asked.</summary>
internal sealed record KitCase(Subject Subject, SubjectShape Shape, int Seed, ScalarType Type)
{
    private const int SeedStride = 16;

    /// <summary>Channels of the network itself.</summary>
    private const int NetworkChannels = 2;

    /// <summary>Random numbers for one purpose.</summary>
    public Values Draw(Purpose stream) => new(new Random(unchecked((Seed * SeedStride) + (int)stream)));

    /// <summary>The network, with random parameters, buffers, training flags and <c>requires_grad</c>.</summary>
    public HostNetwork Build()
    {
        Values values = Draw(Purpose.Weights);
        nn.Module? subject = Subject.Create?.Invoke();
        subject?.to(Type);
        var network = new HostNetwork(
            Subject.Inputs.Select(input =>
                input.HasSource ? Mix(values, input.AxisFromFront, NetworkChannels, input.Shape[input.AxisFromFront]) : null
            ),
            subject,
            Shape.Outputs.Select(output => output.SinkAxis is { } axis ? Mix(values, axis, output.Shape[axis], NetworkChannels) : null),
            Subject.Call
        );
        Randomize(network, values);
        return network;
    }

    /// <summary>The same network with its masks multiplied into the parameters, in evaluation mode: the function to be kept.</summary>
    public HostNetwork BuildMasked(MaskSet masks)
    {
        HostNetwork network = Build();
        foreach ((string path, nn.Module module) in network.named_modules())
        foreach ((string name, var parameter) in module.named_parameters(recurse: false))
        {
            if (masks.Find(path, name) is { } entry)
                parameter.mul_(entry.Mask);
        }
        network.eval();
        return network;
    }

    /// <summary>Inputs of the network of one size: 0 is the traced one.</summary>
    public Tensor[] MakeInputs(Values values, int size) => [.. Subject.Inputs.Select(input => MakeInput(input, values, size))];

    /// <summary>
    /// Runs the engine, which verifies on the other sizes, too. They are told to it: where it looks for one, it tries some that the network
    /// refuses, and exceptions of the native library take longer than all the rest.
    /// </summary>
    public SpeedupReport Speed(IModelSpeedup engine, HostNetwork network, MaskSet masks)
    {
        Values values = Draw(Purpose.Example);
        Tensor[] example = MakeInputs(values, size: 0);
        Tensor[][] others = [.. Enumerable.Range(1, Subject.Inputs[0].OtherShapes.Count).Select(size => MakeInputs(values, size))];
        return engine.Speedup(network, example, masks, new SpeedupOptions { OtherInputs = others });
    }

    private Tensor MakeInput(KitInput input, Values values, int size)
    {
        long[] shape = [.. input.AllShapes.ElementAt(size)];
        if (input.IndexLimit is { } limit)
            return values.Indices(shape, limit);
        shape[input.AxisFromFront] = NetworkChannels;
        return values.Normal(shape, Type);
    }

    private ChannelMix Mix(Values values, int axis, long inChannels, long outChannels) =>
        new(axis, values.Normal([outChannels, inChannels], Type, 0.7), values.Normal([outChannels], Type, 0.7));

    private void Randomize(HostNetwork network, Values values)
    {
        foreach ((_, nn.Module module) in network.named_modules())
        {
            foreach ((_, var parameter) in module.named_parameters(recurse: false))
            {
                using Tensor drawn = values.Normal(parameter.shape, Type, 0.7);
                parameter.copy_(drawn);
                parameter.requires_grad = values.Random.Next(2) == 0;
            }
            foreach ((_, Tensor buffer) in module.named_buffers(recurse: false))
            {
                using Tensor drawn = values.Uniform(buffer.shape, Type, 0.5, 1.5); // positive: it may be a variance
                if (buffer.is_floating_point())
                    buffer.copy_(drawn);
                else if (buffer.dim() == 0)
                    buffer.copy_(drawn.mul(10)); // a counter, as of batches
            }
        }
        foreach ((_, nn.Module module) in network.named_modules())
        {
            if (!module.named_children().Any())
                module.train(values.Random.Next(2) == 0);
        }
    }
}
