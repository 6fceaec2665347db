using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace EndToEnd.Tests;

/// <summary>Networks for single questions, with random statistics and biases.</summary>
internal static class SmallNetworks
{
    /// <summary>Gives every BatchNorm random gamma, beta, mean and variance, and every bias random values.</summary>
    public static T Randomize<T>(T model, int seed)
        where T : nn.Module
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        manual_seed(seed);
        foreach (nn.Module module in model.modules())
        {
            if (module is BatchNorm2d norm)
            {
                norm.weight!.uniform_(0.6, 1.4);
                norm.bias!.normal_(0.3, 0.3);
                norm.running_mean!.normal_(0, 0.5);
                norm.running_var!.uniform_(0.5, 2);
            }
            else if (module is Convolution { bias: not null } convolution)
                convolution.bias.normal_(0, 0.1);
        }
        model.eval();
        return model;
    }

    /// <summary>conv, norm, ReLU, conv, norm, ReLU, global pooling, classifier.</summary>
    public sealed class Plain : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly BatchNorm2d norm1 = BatchNorm2d(8);
        private readonly Conv2d conv2 = Conv2d(8, 12, 3, padding: 1);
        private readonly BatchNorm2d norm2 = BatchNorm2d(12);
        private readonly Linear head = Linear(12, 5);

        public Plain()
            : base(nameof(Plain)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(norm1.forward(conv1.forward(input)));
            x = functional.relu(norm2.forward(conv2.forward(x)));
            return head.forward(x.mean([2, 3]));
        }
    }

    /// <summary>A number in the source that knows the width.</summary>
    public sealed class HardCoded : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d conv2 = Conv2d(8, 4, 3, padding: 1);
        private readonly Linear head = Linear(4 * 36, 5);

        public HardCoded()
            : base(nameof(HardCoded)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(conv1.forward(input));
            x = functional.relu(conv2.forward(x));
            return head.forward(x.view(-1, 144));
        }
    }

    /// <summary>A field that knows the width, and code that checks it.</summary>
    public sealed class Gated : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly Gate gate = new(8);
        private readonly Conv2d conv2 = Conv2d(8, 4, 1);

        public Gated()
            : base(nameof(Gated)) => RegisterComponents();

        public override Tensor forward(Tensor input) => conv2.forward(gate.forward(functional.relu(conv1.forward(input))));
    }

    internal sealed class Gate : Module<Tensor, Tensor>
    {
        private readonly long input_channels;
        private readonly Conv2d squeeze;
        private readonly Conv2d expand;

        public Gate(long channels)
            : base(nameof(Gate))
        {
            input_channels = channels;
            squeeze = Conv2d(channels, 2, 1);
            expand = Conv2d(2, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            if (input.shape[1] != input_channels)
                throw new ArgumentException($"Expected {input_channels} channels.");
            Tensor scale = functional.adaptive_avg_pool2d(input, (1, 1));
            scale = expand.forward(functional.relu(squeeze.forward(scale))).sigmoid();
            return input * scale;
        }
    }

    /// <summary>A field that equals the width, but whose value is part of the function.</summary>
    public sealed class Stubborn : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1 = Conv2d(3, 8, 3, padding: 1);
        private readonly Conv2d conv2 = Conv2d(8, 4, 1);
        private readonly int width = 8;

        public Stubborn()
            : base(nameof(Stubborn)) => RegisterComponents();

        public int Width => width;

        public override Tensor forward(Tensor input)
        {
            Tensor x = functional.relu(conv1.forward(input));
            if (x.shape[1] != width)
                throw new ArgumentException($"Expected {width} channels.");
            return conv2.forward(x) / width;
        }
    }

    /// <summary>Fails in the middle of its forward pass.</summary>
    public sealed class Throwing : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = Conv2d(3, 8, 3);

        public Throwing()
            : base(nameof(Throwing)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using Tensor x = conv.forward(input);
            throw new InvalidOperationException("this model has a bug");
        }
    }
}
